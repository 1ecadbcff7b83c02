"""What judging a stored snapshot needs: from the configuration given, else from the pack itself. Judges nothing."""

import argparse
from collections.abc import Mapping
from pathlib import Path

import msgspec

from scanner.assessment import Inputs
from scanner.cli.inputs import config_folder, configuration, inputs, output_options
from scanner.evidence.pack import COMPARISON, SETTINGS
from scanner.evidence.previous import read_comparison, read_previous
from scanner.evidence.root import SUMS, root
from scanner.model.decoding import decode
from scanner.model.errors import InputError, UsageError
from scanner.model.finding import Severity
from scanner.model.settings import Settings
from scanner.outputs.formats import OutputOptions
from scanner.rules.load import load_rules
from scanner.rules.shipped import shipped_policies
from scanner.waivers.load import load_waivers
from scanner.waivers.schema import NO_WAIVERS


def stored_inputs(arguments: argparse.Namespace, overrides: Mapping[str, str | None]) -> tuple[Inputs, OutputOptions]:
    """Rules, waivers and settings for a snapshot: with -c from there, else those in the pack, else the shipped ones."""
    if arguments.config is not None:
        judging = inputs(configuration(arguments, overrides), folder=config_folder(arguments))
        return judging, output_options(judging.settings)
    if arguments.set:
        raise UsageError(
            f"--set {arguments.set[0]}: has nothing to override, a stored snapshot is judged as its pack says",
            hint="give the configuration too: -c FILE",
        )
    judging = _from_pack(arguments.snapshot, overrides)
    return judging, output_options(judging.settings)


def evidence_root(path: Path) -> str | None:
    """The evidence root of the pack a snapshot stands in, or None outside a pack."""
    file = path / SUMS
    return root(file.read_bytes()) if file.is_file() else None


def _from_pack(pack: Path, overrides: Mapping[str, str | None]) -> Inputs:
    if (pack / "snapshot.json").is_file():
        pack = pack.parent
    policies, waivers_file = pack / "policies", pack / "registers" / "waivers.yaml"
    settings = _settings(policies / SETTINGS)
    if fail_on := overrides.get("fail_on"):
        settings = msgspec.structs.replace(settings, fail_on=Severity(fail_on))
    if sarif_unknown := overrides.get("outputs.sarif_unknown"):
        settings = msgspec.structs.replace(settings, sarif_unknown=sarif_unknown)
    if overrides.get("outputs.sarif_all"):
        settings = msgspec.structs.replace(settings, sarif_all=True)
    folder = policies if policies.is_dir() else shipped_policies()
    text = waivers_file.read_text(encoding="utf-8") if waivers_file.is_file() else None
    asked = overrides.get("history.previous")
    previous, chain = read_previous(asked) if asked else read_comparison(pack / COMPARISON)
    return Inputs(
        rules=load_rules([folder], baseline=settings.baseline, lists=settings.lists),
        waivers=load_waivers(text, str(waivers_file)) if text is not None else NO_WAIVERS,
        waivers_text=text,
        settings=settings,
        previous=previous,
        chain=chain,
    )


def _settings(file: Path) -> Settings:
    if not file.is_file():
        return Settings()
    try:
        return decode(file.read_bytes(), Settings)
    except msgspec.DecodeError as error:
        raise InputError(f"{file}: not a pack's settings: {error}") from error
