"""`keymuster access`: who may do what with which key, and why, from a stored snapshot."""

import argparse
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scanner.facts.access.site import Site, Supposed
    from scanner.facts.access.words import Asked
    from scanner.model.effective import KeyAccess
    from scanner.model.key import Key, Provider
    from scanner.model.snapshot import Shard, Snapshot
    from scanner.outputs.json_document import Json

HELP = "who can decrypt, administer or delete which key, and why"

_PRINCIPALS = "give the whole ARN, a member as Google writes it (user:a@bank.example), or an object id of Azure"
_ACTION = "an action (decrypt, kms:Decrypt, cloudkms.cryptoKeyVersions.useToDecrypt)"
_KEY = "ARN, resource name, id, alias name or alias ARN of the key"
_PRINCIPAL = "ARN of a user, role or session, name of a service, member of Google, or object id of Azure"


def add(parser: argparse.ArgumentParser) -> None:
    """The questions with their options."""
    questions = parser.add_subparsers(dest="question", required=True, metavar="QUESTION")
    who = _question(questions, "who-can", "everybody who can, may be able to, or is one step away")
    who.add_argument("action", metavar="ACTION", help=f"{_ACTION} or a class (destroy, policy)")
    who.add_argument("key", metavar="KEY", help=_KEY)
    what = _question(questions, "what-can", "every key that a principal can do something with")
    what.add_argument("principal", metavar="PRINCIPAL", help=_PRINCIPAL)
    reason = _question(questions, "why", "one decision with the way to it")
    reason.add_argument("principal", metavar="PRINCIPAL", help=_PRINCIPAL)
    reason.add_argument("action", metavar="ACTION", help=_ACTION)
    reason.add_argument("key", metavar="KEY", help=_KEY)
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
    from scanner.facts.access.key_access import key_access
    from scanner.facts.access.questions import who_can
    from scanner.outputs import access_json, access_text

    key, site = _chosen(_read(arguments.snapshot), arguments.key)
    what = _asked(arguments.action, key.provider)
    answers, nobody = who_can(site, what)
    access = key_access(key, site)
    text = access_text.who_can(what, access, answers, nobody)
    return text, access_json.who_can(what.words, access, answers, nobody)


def _what_can(arguments: argparse.Namespace) -> "tuple[str, Json]":
    from scanner.facts.access.principal import called
    from scanner.facts.access.questions import what_can
    from scanner.outputs import access_json, access_text

    read = _read(arguments.snapshot)
    provider = _provider(arguments.principal)
    named = called(arguments.principal, provider, read.matrices)
    at = ((key, site) for key, site in read.sites() if key.provider is provider)
    answers = tuple(what_can(named.caller, at))
    gaps = list(named.gaps)
    return access_text.what_can(named.caller.id, answers, gaps), access_json.what_can(named.caller.id, answers, gaps)


def _why(arguments: argparse.Namespace) -> "tuple[str, Json]":
    from scanner.facts.access.principal import called
    from scanner.facts.access.questions import why
    from scanner.model.errors import UsageError
    from scanner.outputs import access_json, access_text
    from scanner.outputs.escape import line

    read = _read(arguments.snapshot)
    key, site = _chosen(read, arguments.key)
    what = _asked(arguments.action, key.provider)
    if what.action is None:
        raise UsageError(f"{arguments.action}: is a class of actions", hint="name one action, such as kms:Decrypt")
    if _provider(arguments.principal) is not key.provider:
        raise UsageError(f"{line(arguments.principal)}: is no principal of the key's cloud", hint=_PRINCIPALS)
    named = called(arguments.principal, key.provider, read.matrices)
    decisions, cells = why(named.caller, site.only(what.action), _context(arguments.context, key.provider))
    decision, cell = decisions.get(what.action), cells.get(what.kind)
    text = access_text.why(what.words, decision, cell)
    return text, access_json.why(named.caller.id, what.words, key.id, decision, cell)


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


class _Read:
    """A stored snapshot, asked about access."""

    def __init__(self, snapshot: "Snapshot") -> None:
        from scanner.facts.access.matrix import Matrices

        self.snapshot = snapshot
        networks = (shard.network for shard in snapshot.shards if shard.network is not None)
        self.matrices = Matrices(snapshot.accounts, snapshot.organisations, networks)

    def site(self, shard: "Shard", key: "Key") -> "Site | None":
        """One key of a shard."""
        from scanner.facts.access.sites import sites_of

        return sites_of(shard, self.matrices).at(key, self.snapshot.header.as_of)

    def sites(self) -> "Iterator[tuple[Key, Site]]":
        """Every key whose access is worked out."""
        from scanner.facts.access.sites import sites_of

        for shard in self.snapshot.shards:
            sites = sites_of(shard, self.matrices)
            for key in shard.keys:
                site = sites.at(key, self.snapshot.header.as_of)
                if site is not None:
                    yield key, site


def _read(path: Path) -> _Read:
    from scanner.snapshots.read import read_snapshot, snapshot_folder

    return _Read(read_snapshot(snapshot_folder(path)))


def _chosen(read: _Read, name: str) -> "tuple[Key, Site]":
    from scanner.cli.key_chosen import chosen_key
    from scanner.model.errors import UsageError
    from scanner.outputs.escape import line

    shard, key = chosen_key(read.snapshot, name)
    site = read.site(shard, key)
    if site is None:
        hint = "so far it is for keys that their own account decides about, where what decides was collected"
        raise UsageError(f"{line(name)}: access to this key is not worked out", hint=hint)
    return key, site


def _accesses(path: Path) -> "dict[str, KeyAccess]":
    from scanner.facts.access.key_access import key_access

    return {key.id: key_access(key, site) for key, site in _read(path).sites()}


def _asked(text: str, provider: "Provider") -> "Asked":
    from difflib import get_close_matches

    from scanner.facts.access.words import CLASSES, PREFIXES, asked
    from scanner.model.effective import ActionClass
    from scanner.model.errors import UsageError
    from scanner.outputs.escape import line

    found = asked(text, provider)
    if found is None:
        words = [*(kind.value for kind in ActionClass), *CLASSES[provider]]
        near = get_close_matches(text.removeprefix(PREFIXES[provider]), words, 3, 0.5)
        hint = f"nearest: {', '.join(near)}" if near else f"classes: {', '.join(kind.value for kind in ActionClass)}"
        raise UsageError(f"{line(text)}: no action on this key and no class of actions is called so", hint=hint)
    return found


def _provider(principal: str) -> "Provider":
    from scanner.facts.access.words import provider_of
    from scanner.model.errors import UsageError
    from scanner.outputs.escape import line

    found = provider_of(principal)
    if found is None:
        raise UsageError(f"{line(principal)}: no cloud names a principal so", hint=_PRINCIPALS)
    return found


def _context(pairs: list[str], provider: "Provider") -> "Supposed":
    """What is supposed of the request; names of AWS and Azure compare without regard to case."""
    from scanner.model.errors import UsageError
    from scanner.model.key import Provider
    from scanner.outputs.escape import line

    found: dict[str, tuple[str, ...]] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not (name and equals):
            raise UsageError(f"--context {line(pair)}: expected KEY=VALUE", hint="aws:MultiFactorAuthPresent=true")
        key = name if provider is Provider.GCP else name.lower()
        found[key] = (*found.get(key, ()), value)
    return found
