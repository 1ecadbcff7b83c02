"""A pack being made: built beside its place and moved there whole. Judges nothing, renders through `outputs`."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from scanner.assessment import Inputs
from scanner.evidence.previous import FIRST, Comparison
from scanner.evidence.root import MANIFEST, SUMS, digests, root, sums
from scanner.evidence.seal import seal
from scanner.model.errors import UsageError
from scanner.model.report import Report
from scanner.outputs.formats import ALWAYS, FORMATS, REPORT_FORMATS, OutputOptions
from scanner.outputs.pdf import PdfUnavailableError
from scanner.snapshots import journal
from scanner.snapshots.files import claim_folder, write_atomic
from scanner.snapshots.journal import Journal, Run
from scanner.snapshots.lock import only_one

SETTINGS = "settings.json"
COMPARISON = "registers/previous.json"


class Pack:
    """A pack under construction in a hidden folder beside the target; `finish` puts it in the target's place.

    The run's journal stands beside the pack in that folder: it says how the pack came about, and is no part of it.
    """

    def __init__(self, target: Path) -> None:
        self._target = target
        self._run = _beside(target, "partial")
        self.folder = self._run / "pack"
        self.snapshot = self.folder / "snapshot"

    @property
    def interrupted(self) -> bool:
        """A run that was to write this pack did not come to its end."""
        return self.folder.is_dir() and journal.is_begun(self._run)

    def clear(self) -> None:
        """Begins anew, in place of whatever an earlier run left."""
        shutil.rmtree(self._run, ignore_errors=True)
        claim_folder(self.folder)

    def begin(self, run: Run) -> Journal:
        """Begins anew, so that another process can go on with it."""
        self.clear()
        return journal.begin(self._run, self.snapshot, run)

    def resume(self, run: Run) -> Journal:
        """Goes on with the interrupted run; raises UsageError when it was another one."""
        kept = journal.go_on(self._run, self.snapshot, run)
        for path in self.folder.iterdir():
            if path != self.snapshot:
                shutil.rmtree(path) if path.is_dir() else path.unlink()
        return kept

    def copy_snapshot(self, source: Path) -> None:
        """Takes over a stored snapshot, byte for byte."""
        for file in sorted(path for path in source.rglob("*") if path.is_file()):
            write_atomic(self.snapshot / file.relative_to(source), file.read_bytes())

    def write_inputs(self, inputs: Inputs) -> None:
        """Rules, waivers and settings as they were applied: what a replay needs besides the snapshot."""
        for path, content in inputs.rules.files.items():
            write_atomic(self.folder / "policies" / path, content)
        write_atomic(self.folder / "policies" / SETTINGS, msgspec.json.format(msgspec.json.encode(inputs.settings)))
        if inputs.waivers_text is not None:
            write_atomic(self.folder / "registers" / "waivers.yaml", inputs.waivers_text.encode())
        if inputs.chain != FIRST:
            kept = Comparison(previous=inputs.previous, chain=inputs.chain)
            write_atomic(self.folder / COMPARISON, msgspec.json.format(msgspec.json.encode(kept)))

    def write_data(self, report: Report, options: OutputOptions) -> None:
        """Every format that does not print the evidence root."""
        wanted = {name: FORMATS[name] for name in options.formats if name not in REPORT_FORMATS}
        for form in (*ALWAYS.values(), *wanted.values()):
            write_atomic(self.folder / form.file, form.render(report, None, options))

    def write_root(self) -> str:
        """SHA256SUMS over what is there; returns the evidence root (hex)."""
        text = sums(digests(self.folder))
        write_atomic(self.folder / SUMS, text)
        return root(text)

    def write_reports(self, report: Report, options: OutputOptions, evidence_root: str) -> tuple[str, ...]:
        """The formats that print the root; returns a sentence for each that could not be rendered on this machine."""
        problems = []
        for name in (name for name in options.formats if name in REPORT_FORMATS):
            form = FORMATS[name]
            try:
                write_atomic(self.folder / form.file, form.render(report, evidence_root, options))
            except PdfUnavailableError as error:
                problems.append(f"{form.file} was not written: {error.message} ({error.hint})")
        return tuple(problems)

    def seal(self, report: Report, evidence_root: str) -> None:
        """Writes the manifest."""
        seal(self.folder, report, evidence_root)

    def finish(self) -> None:
        """Moves the pack into its place; a pack of an earlier run there is replaced."""
        old = _beside(self._target, "replaced")
        shutil.rmtree(old, ignore_errors=True)
        if self._target.exists():
            self._target.rename(old)
        self.folder.rename(self._target)
        shutil.rmtree(self._run, ignore_errors=True)
        shutil.rmtree(old, ignore_errors=True)


@contextmanager
def pack_at(target: Path) -> Iterator[Pack]:
    """The place of a pack, for this run alone; raises UsageError when another run or something else is there."""
    _refuse_foreign(target)
    place = target.resolve()
    with only_one(_beside(place, "lock"), str(target)):
        yield Pack(place)


def _beside(target: Path, what: str) -> Path:
    """A name that nobody gives a folder of their own: `pack.old` may be somebody's previous pack."""
    return target.with_name(f".{target.name}.keymuster-{what}")


def _refuse_foreign(target: Path) -> None:
    """Never replaces a folder that holds anything but a pack."""
    if target.is_dir() and not (target / MANIFEST).is_file() and any(target.iterdir()):
        raise UsageError(f"{target}: is not empty and holds no pack", hint="give another --out, or empty it")
    if target.exists() and not target.is_dir():
        raise UsageError(f"{target}: is a file", hint="--out names a folder")
