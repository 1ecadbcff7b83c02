"""Reads the catalogues of framework controls and checks that rules name controls that exist. Judges nothing."""

from collections.abc import Iterable, Mapping

from scanner.config.nodes import Node
from scanner.model.report import Control
from scanner.rules import scalars
from scanner.rules.faults import FaultError, Faults, did_you_mean
from scanner.rules.fields import read_fields
from scanner.rules.rule_file import Draft
from scanner.rules.ruleset import FrameworkCatalogue


def read_catalogue(node: Node, stem: str, faults: Faults) -> FrameworkCatalogue:
    """One framework in one version; `stem` is the file's name without its ending, which is the framework's id."""
    fields = read_fields(node, ("id", "title", "source", "checked", "controls"))
    framework = scalars.filled_text(fields["id"])
    if framework != stem:
        raise FaultError(fields["id"].place, f"framework {framework} stands in {stem}.yaml; name it {framework}.yaml")
    controls: dict[str, Control] = {}
    for item in scalars.items(fields["controls"], "a list of controls"):
        with faults.collect():
            entry = read_fields(item, ("id", "title"))
            found = Control(
                framework=framework, id=scalars.filled_text(entry["id"]), title=scalars.filled_text(entry["title"])
            )
            if found.id in controls:
                raise FaultError(entry["id"].place, f"control '{found.id}' is listed twice")
            controls[found.id] = found
    return FrameworkCatalogue(
        id=framework,
        title=scalars.filled_text(fields["title"]),
        source=scalars.filled_text(fields["source"]),
        checked=scalars.day(fields["checked"]),
        controls=tuple(controls.values()),
    )


def check_controls(drafts: Iterable[Draft], catalogues: Mapping[str, FrameworkCatalogue], faults: Faults) -> None:
    """Notes every control of a rule that no catalogue lists."""
    known = {name: {control.id for control in catalogue.controls} for name, catalogue in catalogues.items()}
    for draft in drafts:
        for framework, ids in draft.controls.ids.items():
            if framework not in known:
                place = draft.controls.places[framework, ""]
                faults.add(place, f"no framework '{framework}'{did_you_mean(framework, known)}")
                continue
            for control in ids:
                if control not in known[framework]:
                    place = draft.controls.places[framework, control]
                    hint = did_you_mean(control, known[framework])
                    faults.add(place, f"{framework} has no control '{control}'{hint}")
