"""`keymuster access`: who may do what with which key, and why, from a stored snapshot."""

import argparse
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scanner.facts.access.matrix import Matrices
    from scanner.facts.access.parties import Party
    from scanner.facts.access.questions import Asked
    from scanner.model.effective import KeyAccess
    from scanner.model.snapshot import Snapshot
    from scanner.outputs.json_document import Json

HELP = "who can decrypt, administer or delete which key, and why"


def add(parser: argparse.ArgumentParser) -> None:
    """The questions with their options."""
    questions = parser.add_subparsers(dest="question", required=True, metavar="QUESTION")
    who = _question(questions, "who-can", "everybody who can, may be able to, or is one step away")
    who.add_argument("action", metavar="ACTION", help="an action (decrypt, kms:Decrypt) or a class (destroy, policy)")
    who.add_argument("key", metavar="KEY", help="ARN, id, alias name or alias ARN of the key")
    what = _question(questions, "what-can", "every key that a principal can do something with")
    what.add_argument("principal", metavar="PRINCIPAL", help="ARN of a user or role, or name of a service")
    reason = _question(questions, "why", "one decision with the way to it")
    reason.add_argument("principal", metavar="PRINCIPAL", help="ARN of a user, role or session, or name of a service")
    reason.add_argument("action", metavar="ACTION", help="an action, such as decrypt or kms:Decrypt")
    reason.add_argument("key", metavar="KEY", help="ARN, id, alias name or alias ARN of the key")
    reason.add_argument(
        "--context", action="append", default=[], metavar="K=V", help="a condition key of the request, may be repeated"
    )
    changed = _question(questions, "diff", "whose access changed between two snapshots", stored=False)
    changed.add_argument("old", type=Path, metavar="OLD", help="a pack, or its snapshot folder")
    changed.add_argument("new", type=Path, metavar="NEW", help="a later one")


def _question(
    questions: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str, text: str, *, stored: bool = True
) -> argparse.ArgumentParser:
    question = questions.add_parser(name, help=text, description=text)
    if stored:
        question.add_argument(
            "--snapshot", type=Path, required=True, metavar="PACK", help="a pack, or its snapshot folder"
        )
    question.add_argument("--format", choices=("text", "json"), default="text", help="what to print")
    return question


def run(arguments: argparse.Namespace) -> int:
    """Answers the question."""
    from scanner.cli.exit_codes import ExitCode
    from scanner.cli.terminal import show
    from scanner.outputs.json_document import encode

    text, document = _QUESTIONS[arguments.question](arguments)
    show(encode(document).decode() if arguments.format == "json" else text)
    return ExitCode.CLEAN


def _who_can(arguments: argparse.Namespace) -> "tuple[str, Json]":
    from scanner.cli.key_chosen import chosen_key
    from scanner.facts.access.key_access import key_access
    from scanner.facts.access.questions import who_can
    from scanner.outputs import access_json, access_text

    what = _asked(arguments.action)
    snapshot, matrices = _read(arguments.snapshot)
    _, key = chosen_key(snapshot, arguments.key)
    access = key_access(key, matrices)
    if access is None:
        raise _not_worked_out(arguments.key)
    answers, nobody = who_can(key, matrices, what)
    text = access_text.who_can(what, access, answers, nobody)
    return text, access_json.who_can(what.words, access, answers, nobody)


def _what_can(arguments: argparse.Namespace) -> "tuple[str, Json]":
    from scanner.facts.access.questions import what_can
    from scanner.outputs import access_json, access_text

    snapshot, matrices = _read(arguments.snapshot)
    party = _party(arguments.principal, matrices)
    keys = (key for shard in snapshot.shards for key in shard.keys)
    answers = tuple(what_can(party, keys, matrices))
    gaps = ["its own policies"] if party.identity is None else list(party.gaps)
    return access_text.what_can(party.id, answers, gaps), access_json.what_can(party.id, answers, gaps)


def _why(arguments: argparse.Namespace) -> "tuple[str, Json]":
    from scanner.cli.key_chosen import chosen_key
    from scanner.facts.access.key_access import is_evaluated
    from scanner.facts.access.questions import why
    from scanner.model.errors import UsageError
    from scanner.outputs import access_json, access_text

    what = _asked(arguments.action)
    if what.action is None:
        raise UsageError(f"{arguments.action}: is a class of actions", hint="name one action, such as kms:Decrypt")
    snapshot, matrices = _read(arguments.snapshot)
    _, key = chosen_key(snapshot, arguments.key)
    if not is_evaluated(key):
        raise _not_worked_out(arguments.key)
    party = _party(arguments.principal, matrices)
    decisions, cells = why(party, key, matrices, _context(arguments.context))
    decision, cell = decisions.get(what.action), cells.get(what.kind)
    text = access_text.why(what.action, decision, cell)
    return text, access_json.why(party.id, what.action, key.id, decision, cell)


def _diff(arguments: argparse.Namespace) -> "tuple[str, Json]":
    from scanner.facts.access.questions import changes
    from scanner.outputs import access_json, access_text

    old, new = _accesses(arguments.old), _accesses(arguments.new)
    found = tuple(changes(old.values(), new.values()))
    added = sorted(new.keys() - old.keys())
    gone = sorted(old.keys() - new.keys())
    return access_text.changes(found, added, gone), access_json.changes(found, added, gone)


_QUESTIONS: "Mapping[str, Callable[[argparse.Namespace], tuple[str, Json]]]" = {
    "who-can": _who_can,
    "what-can": _what_can,
    "why": _why,
    "diff": _diff,
}


def _read(path: Path) -> "tuple[Snapshot, Matrices]":
    from scanner.facts.access.matrix import Matrices
    from scanner.snapshots.read import read_snapshot, snapshot_folder

    snapshot = read_snapshot(snapshot_folder(path))
    networks = (shard.network for shard in snapshot.shards if shard.network is not None)
    return snapshot, Matrices(snapshot.accounts, snapshot.organisations, networks)


def _accesses(path: Path) -> "dict[str, KeyAccess]":
    from scanner.facts.access.key_access import key_access

    snapshot, matrices = _read(path)
    found = (key_access(key, matrices) for shard in snapshot.shards for key in shard.keys)
    return {access.key: access for access in found if access is not None}


def _asked(text: str) -> "Asked":
    from difflib import get_close_matches

    from scanner.facts.access.classes import AWS
    from scanner.facts.access.questions import asked
    from scanner.model.effective import ActionClass
    from scanner.model.errors import UsageError
    from scanner.outputs.escape import line

    found = asked(text)
    if found is None:
        words = [*(kind.value for kind in ActionClass), *AWS]
        near = get_close_matches(text.removeprefix("kms:"), words, 3, 0.5)
        hint = f"nearest: {', '.join(near)}" if near else f"classes: {', '.join(kind.value for kind in ActionClass)}"
        raise UsageError(f"{line(text)}: no action of KMS and no class of actions is called so", hint=hint)
    return found


def _party(name: str, matrices: "Matrices") -> "Party":
    from scanner.facts.access.questions import party_called
    from scanner.model.errors import UsageError
    from scanner.outputs.escape import line

    found = party_called(name, matrices)
    if found is None:
        raise UsageError(f"{line(name)}: is neither an ARN nor the name of a service", hint="give the whole ARN")
    return found


def _context(pairs: list[str]) -> dict[str, list[str]]:
    from scanner.model.errors import UsageError
    from scanner.outputs.escape import line

    found: dict[str, list[str]] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not (name and equals):
            raise UsageError(f"--context {line(pair)}: expected KEY=VALUE", hint="aws:MultiFactorAuthPresent=true")
        found.setdefault(name, []).append(value)
    return found


def _not_worked_out(name: str) -> Exception:
    from scanner.model.errors import UsageError
    from scanner.outputs.escape import line

    return UsageError(
        f"{line(name)}: access to this key is not worked out",
        hint="so far it is for keys of AWS that their own account decides about",
    )
