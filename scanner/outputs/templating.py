"""The one way templates are filled: autoescaped, strict about missing names, printed text made safe to look at."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from scanner.outputs.assets import templates_folder
from scanner.outputs.printable import finalizer

if TYPE_CHECKING:
    from jinja2 import Environment


def fill(template: str, values: Mapping[str, object], clean: Callable[[str], str]) -> str:
    """The template's text with the values put in; `clean` decides how characters that cannot be shown are spelled."""
    return environment(clean).get_template(template).render(values)


def environment(clean: Callable[[str], str]) -> "Environment":
    """A template environment over the templates folder, and nothing else."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined  # noqa: PLC0415 (loaded only to render)

    made = Environment(
        loader=FileSystemLoader(templates_folder()),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=finalizer(clean),
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters |= FILTERS
    return made


def thousands(value: int) -> str:
    """A count with a comma every three digits."""
    return f"{value:,}"


def percent(value: float) -> str:
    """A percentage with one digit."""
    return f"{value:.1f}"


def signed(value: float) -> str:
    """A difference with its sign, ± for none."""
    rounded = round(value, 1)
    return f"{'+' if rounded > 0 else '−'}{abs(rounded):.1f}" if rounded else "±0.0"  # noqa: RUF001 (a true minus sign)


def capfirst(text: str) -> str:
    """A text with a capital first letter and all others as they are."""
    return text[:1].upper() + text[1:]


FILTERS: Mapping[str, Callable[..., object]] = {
    "thousands": thousands,
    "percent": percent,
    "signed": signed,
    "capfirst": capfirst,
}
