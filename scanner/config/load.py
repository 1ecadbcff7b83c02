"""Reads the configuration: the file, over it the environment, over that the command line. Scans nothing."""

from collections.abc import Mapping
from pathlib import Path

from scanner.config.checks import check
from scanner.config.document import Document, read_tree, validate
from scanner.config.faults import Place, refusal
from scanner.config.nodes import MAX_CHARACTERS, MapNode
from scanner.config.overrides import lay_environment, lay_overrides
from scanner.config.schema import Config, Execution, TagMeaningConfig
from scanner.model.errors import ConfigError
from scanner.model.finding import Severity
from scanner.model.settings import Settings, TagMeaning, TagVocabulary

DEFAULT = Path("keymuster.yaml")
SMALLEST = "providers: {aws: {regions: [us-east-1]}}"
HINT = "docs/config.md describes every key; nothing was scanned"
MAX_BYTES = 4 * MAX_CHARACTERS + 4
"""Read at most so much: more than this is too long in any case."""


def load_config(path: Path | None, *, environment: Mapping[str, str], overrides: Mapping[str, str]) -> Config:
    """The configuration's value; see `load_document`."""
    return load_document(path, environment=environment, overrides=overrides).value


def load_document(
    path: Path | None, *, environment: Mapping[str, str], overrides: Mapping[str, str]
) -> Document[Config]:
    """The configuration of `path` (default: keymuster.yaml), then `KEYMUSTER_` variables, then dotted overrides.

    Raises ConfigError that names every fault with its place: a position in the file, a variable or a flag.
    """
    text, name = _read(path)
    root = read_tree(text, name, Config, hint=HINT)
    root, lost = lay_environment(root, environment, Config)
    root, more = lay_overrides(root, overrides, Config)
    document, faults = validate(root, Config)
    found = [*lost, *more, *faults, *(check(document) if document else ())]
    if document is None or found:
        raise refusal(found, HINT)
    return document


def execution(flags: Mapping[str, str]) -> Execution:
    """Where the work is done, from the command line alone; raises ConfigError that names every wrong flag."""
    root, lost = lay_overrides(MapNode((), Place(0, 0, "command line")), flags, Execution)
    document, faults = validate(root, Execution)
    if document is None or lost or faults:
        raise refusal([*lost, *faults], HINT)
    return document.value


def settings(config: Config) -> Settings:
    """The part of the configuration that judging depends on."""
    tags = config.tags
    return Settings(
        organisation=config.organisation,
        baseline=config.policies.baseline,
        fail_on=Severity(config.fail_on),
        tags=TagVocabulary(
            owner=_meaning(tags.owner),
            purpose=_meaning(tags.purpose),
            data_class=_meaning(tags.data_class),
            environment=_meaning(tags.environment),
        ),
        lists=config.lists,
        formats=config.outputs.formats,
        sarif_unknown=config.outputs.sarif_unknown,
        sarif_all=config.outputs.sarif_all,
    )


def _meaning(meaning: TagMeaningConfig) -> TagMeaning:
    return TagMeaning(keys=meaning.keys, allowed=meaning.allowed)


def _read(path: Path | None) -> tuple[str, str]:
    """The text of the file and the name it goes by in messages."""
    file = path or DEFAULT
    if path is None and not file.exists():
        raise ConfigError(
            f"no configuration: no file was given and there is no {DEFAULT} in this folder",
            hint=f"the smallest one is one line: {SMALLEST}",
        )
    try:
        with file.open("rb") as stream:
            return stream.read(MAX_BYTES).decode("utf-8"), str(file)
    except OSError as error:
        raise ConfigError(f"{file}: cannot be read: {error.strerror}", hint=HINT) from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{file}: is not UTF-8 text (byte {error.start})", hint=HINT) from error
