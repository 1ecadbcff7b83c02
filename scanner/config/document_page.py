"""Writes the configuration page from the schema: every key with type, default, meaning and variable. Reads no file."""

import json
from collections.abc import Iterator

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from scanner.config.load import SMALLEST
from scanner.config.overrides import variable
from scanner.config.schema import Config
from scanner.config.shape import Kind, Shape, field_shape

_HEAD = f"""# Configuration

<!-- Generated from scanner/config/schema.py by `make generate`; change it there. -->

`keymuster.yaml` in the working directory, or the file given with `-c`. `config.example.yaml` shows every key in its
place, and `keymuster config check` tells every fault with file, line and column. The smallest configuration:

```yaml
{SMALLEST}
```

The file comes first, then the environment, then the command line (`--set KEY=VALUE` and the options that stand for a
key).

- **Environment:** `KEYMUSTER_` and the key in capitals, two underscores between levels:
  `KEYMUSTER_PROVIDERS__AWS__REGIONS=us-east-1,eu-central-1`. A variable that stands for no key is an error.
- **Lists** in a variable or on the command line are separated by commas; `[...]` and `{{...}}` are read as YAML.
- **YAML** is read by the rules of version 1.2: `no`, `off` and `yes` are text, only `true` and `false` are not. Where
  text is expected a number is taken as written, so an account id keeps its leading zero without quotes. Aliases,
  anchors, tags, merge keys and duplicate keys are refused.
- **Paths** of policies and waivers are relative to the file's folder; `history.previous` and `outputs.folder` start
  where the command is run.
"""
_COLUMNS = "| key | expects | default | meaning | variable |\n|---|---|---|---|---|"
_ITEM = "[]"


def page() -> str:
    """The whole page as Markdown."""
    return "\n".join([_HEAD, *_section(Config, ())])


def _section(section: type[BaseModel], path: tuple[str, ...]) -> Iterator[str]:
    """One heading and one table; below it the sections inside."""
    yield f"## {'.'.join(path) or 'Top level'}\n"
    yield f"{_sentence(section)}\n"
    yield _COLUMNS
    shapes = {name: field_shape(section, name) for name in section.model_fields}
    for name, info in section.model_fields.items():
        yield _row((*path, name), shapes[name], info)
    yield ""
    for name, shape in shapes.items():
        inside = shape.section or (shape.item.section if shape.item else None)
        if inside is not None:
            yield from _section(inside, (*path, name if shape.section else name + _ITEM))


def _sentence(section: type[BaseModel]) -> str:
    return " ".join((section.__doc__ or "").split())


def _row(path: tuple[str, ...], shape: Shape, info: FieldInfo) -> str:
    inside_list = any(step.endswith(_ITEM) for step in path)
    name = "" if inside_list or shape.kind is Kind.SECTION else f"`{variable(path)}`"
    cells = (f"`{path[-1]}`", _expects(shape), _default(info), info.description or "", name)
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def _expects(shape: Shape) -> str:
    return "a section, see below" if shape.kind is Kind.SECTION else shape.words.one


def _default(info: FieldInfo) -> str:
    if info.is_required():
        return "required"
    value = info.get_default(call_default_factory=True)
    if value is None:
        return "none"
    if isinstance(value, BaseModel):
        return ""
    return f"`{value}`" if isinstance(value, str) else f"`{json.dumps(value)}`"
