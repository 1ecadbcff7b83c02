"""Reads pack.yaml: a pack's name and version, the model it is written for, and what its rules share. Opens no file."""

import re

import msgspec

from scanner.config.nodes import Node
from scanner.rules import scalars
from scanner.rules.faults import FaultError, Faults
from scanner.rules.fields import read_fields
from scanner.rules.params import Param, read_params

MODEL = "keys/v1"
CORE = "keymuster-core"
FOLDERS = ("rules", "baselines", "controls")
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
_VERSION = re.compile(r"\d+\.\d+\.\d+")
_TESTS = ("required", "optional")


class PackFile(msgspec.Struct, frozen=True, kw_only=True):
    """What pack.yaml says. `tests_required` demands a test for each verdict a rule can give."""

    name: str
    version: str
    model: str
    tests_required: bool
    params: dict[str, Param]
    lists: dict[str, str]


def read_pack(node: Node, faults: Faults) -> PackFile:
    """The pack file; raises FaultError when it cannot be told which pack it is."""
    fields = read_fields(node, ("pack", "version", "model"), ("tests", "params", "lists"))
    name = scalars.filled_text(fields["pack"])
    if not _NAME.fullmatch(name) or name in FOLDERS:
        raise FaultError(
            fields["pack"].place, f"'{name}' is not a pack name; expected lower case letters, digits and -"
        )
    version = scalars.filled_text(fields["version"])
    if not _VERSION.fullmatch(version):
        raise FaultError(fields["version"].place, f"'{version}' is not a version; expected the form 1.0.0")
    model = scalars.filled_text(fields["model"])
    if model != MODEL:
        raise FaultError(fields["model"].place, f"'{model}' is not a model this build knows; expected {MODEL}")
    return PackFile(
        name=name,
        version=version,
        model=model,
        tests_required=_tests(fields["tests"]) if "tests" in fields else False,
        params=read_params(fields["params"], faults) if "params" in fields else {},
        lists=_lists(fields["lists"]) if "lists" in fields else {},
    )


def _tests(node: Node) -> bool:
    found = scalars.filled_text(node)
    if found not in _TESTS:
        raise FaultError(node.place, f"'{found}' is not a value of this field; expected {' or '.join(_TESTS)}")
    return found == _TESTS[0]


def _lists(node: Node) -> dict[str, str]:
    """Named lists that rules may use though the configuration does not fill them; each with what it is for."""
    entries = scalars.mapping(node, "a mapping of list names to what they are for").entries
    return {key.text: scalars.filled_text(value) for key, value in entries}
