"""Loads packs of rules from their folders into one checked rule set. Judges nothing."""

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path

from scanner.config.faults import Place
from scanner.model.report import PolicyPack
from scanner.rules.assemble import Frame, assemble, effective_values
from scanner.rules.baseline import DEFAULT, Baseline, join, plain_baseline, read_baseline
from scanner.rules.catalogues import check_controls, read_catalogue
from scanner.rules.faults import Faults, did_you_mean
from scanner.rules.nodes import parse
from scanner.rules.pack_file import MODEL
from scanner.rules.pack_folder import PackFolder, find_packs
from scanner.rules.params import Param
from scanner.rules.rule_file import Draft, Source, read_rule
from scanner.rules.ruleset import DisabledRule, FrameworkCatalogue, Rule, RuleSet


def load_rules(packs: Sequence[Path], *, baseline: str, lists: Mapping[str, tuple[str, ...]]) -> RuleSet:
    """The rules of all packs under a baseline; `lists` are the named lists of the configuration.

    Raises PolicyError with every fault of every file, one a line, as `file:line:col: text`.
    """
    faults = Faults()
    folders = find_packs(packs, faults)
    drafts = [draft for folder in folders for draft in _drafts(folder, faults)]
    catalogues = _catalogues(folders, faults)
    check_controls(drafts, catalogues, faults)
    known = _baselines(folders, faults)
    chosen = join(baseline, known, faults)
    params = _all_params(folders, drafts, faults)
    frame = Frame(
        faults=faults,
        params={folder.pack.name: folder.pack.params for folder in folders},
        values=effective_values(params, chosen, faults),
        lists=lists,
        declared={folder.pack.name: tuple(folder.pack.lists) for folder in folders},
        baseline=chosen,
        demanding=frozenset(folder.pack.name for folder in folders if folder.pack.tests_required),
    )
    _check_ids(drafts, chosen, faults)
    rules = [rule for draft in drafts if (rule := assemble(draft, frame)) is not None]
    faults.settle()
    return _rule_set(folders, sorted(rules, key=lambda rule: rule.id), chosen, catalogues)


def _drafts(folder: PackFolder, faults: Faults) -> list[Draft]:
    found: list[Draft] = []
    for file in folder.of("rules"):
        node = parse(file.text, file.shown, faults)
        source = Source(shown=file.shown, file=file.path, text=file.text, pack=folder.pack.name)
        draft = read_rule(node, source, faults) if node is not None else None
        found += [draft] if draft is not None else []
    return found


def _catalogues(folders: Sequence[PackFolder], faults: Faults) -> dict[str, FrameworkCatalogue]:
    found: dict[str, FrameworkCatalogue] = {}
    for file in (file for folder in folders for file in folder.of("controls")):
        node = parse(file.text, file.shown, faults)
        with faults.collect():
            catalogue = read_catalogue(node, file.stem, faults) if node is not None else None
            if catalogue is not None and catalogue.id in found:
                faults.add(Place(1, 1, file.shown), f"framework '{catalogue.id}' is already given by another pack")
            elif catalogue is not None:
                found[catalogue.id] = catalogue
    return dict(sorted(found.items()))


def _baselines(folders: Sequence[PackFolder], faults: Faults) -> dict[str, Baseline]:
    """Every baseline by name; a faulty file stands as a plain one, so that what names it is not a second fault."""
    found: dict[str, Baseline] = {}
    for file in (file for folder in folders for file in folder.of("baselines")):
        if file.stem in found:
            faults.add(Place(1, 1, file.shown), f"baseline '{file.stem}' is already given by another pack")
            continue
        found[file.stem] = plain_baseline(file.stem)
        node = parse(file.text, file.shown, faults)
        with faults.collect():
            if node is not None:
                found[file.stem] = read_baseline(node, file.stem, faults)
    found.setdefault(DEFAULT, plain_baseline(DEFAULT))
    return found


def _all_params(folders: Sequence[PackFolder], drafts: Sequence[Draft], faults: Faults) -> dict[str, Param]:
    """Every parameter by name; a name means one thing in the whole run."""
    found: dict[str, Param] = {}
    defined = [folder.pack.params for folder in folders] + [draft.params for draft in drafts]
    for param in (param for params in defined for param in params.values()):
        if param.name in found:
            faults.add(
                param.place,
                f"parameter '{param.name}' is already defined at {found[param.name].place}; "
                "share it in pack.yaml or choose another name",
            )
        else:
            found[param.name] = param
    return found


def _check_ids(drafts: Sequence[Draft], baseline: Baseline, faults: Faults) -> None:
    """Ids and former ids are unique over all packs, and a baseline names rules that exist."""
    places: dict[str, Place] = {}
    for draft in drafts:
        for name in (draft.id, *draft.aliases):
            if name in places:
                faults.add(draft.place, f"rule id {name} is already taken at {places[name]}")
            places.setdefault(name, draft.place)
    guardrails = {draft.guardrail.value for draft in drafts}
    named = {name: setting.place for name, setting in baseline.override.items()}
    named |= {name: off.place for name, off in baseline.disable.items()}
    for name, place in named.items():
        if name not in places:
            faults.add(place, f"no rule '{name}'{did_you_mean(name, places)}")
    for name, place in (baseline.select or {}).items():
        if name not in places and name not in guardrails:
            faults.add(place, f"no rule or guardrail '{name}'{did_you_mean(name, (*places, *guardrails))}")


def _rule_set(
    folders: Sequence[PackFolder],
    rules: Sequence[Rule],
    baseline: Baseline,
    catalogues: Mapping[str, FrameworkCatalogue],
) -> RuleSet:
    selected = [rule for rule in rules if _is_selected(rule, baseline)]
    disabled = tuple(off for rule in selected if (off := _disabled(rule, baseline)) is not None)
    off_ids = {off.rule.id for off in disabled}
    files = dict(sorted((file.path, file.content) for folder in folders for file in folder.files))
    return RuleSet(
        pack=PolicyPack(
            name=" + ".join(folder.pack.name for folder in folders),
            version=" + ".join(folder.pack.version for folder in folders),
            model=MODEL,
            baseline=baseline.name,
            weights=baseline.weights,
            sha256=digest(files),
        ),
        rules=tuple(rule for rule in selected if rule.id not in off_ids),
        frameworks=tuple(catalogues.values()),
        files=files,
        disabled=disabled,
        unselected=tuple(rule.id for rule in rules if not _is_selected(rule, baseline)),
    )


def _is_selected(rule: Rule, baseline: Baseline) -> bool:
    return baseline.select is None or any(
        name in baseline.select for name in (rule.id, rule.guardrail.value, *rule.aliases)
    )


def _disabled(rule: Rule, baseline: Baseline) -> DisabledRule | None:
    off = next((baseline.disable[name] for name in (rule.id, *rule.aliases) if name in baseline.disable), None)
    return DisabledRule(rule=rule, reason=off.reason, expires=off.expires) if off is not None else None


def digest(files: Mapping[str, bytes]) -> str:
    """SHA-256 (hex) over every policy file's path and content, in order of path."""
    lines = (f"{hashlib.sha256(content).hexdigest()}  {path}\n" for path, content in sorted(files.items()))
    return hashlib.sha256("".join(lines).encode()).hexdigest()
