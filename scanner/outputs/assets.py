"""Finds the templates and fonts, in a checkout and in an installed wheel alike. Reads none of them."""

from functools import cache
from pathlib import Path

from scanner.model.errors import InputError


@cache
def templates_folder() -> Path:
    """The folder with templates, styles and fonts: `scanner/_data/templates` when installed, else `reports/templates`.

    Raises InputError when the installation holds neither.
    """
    package = Path(__file__).resolve().parents[1]
    for folder in (package / "_data" / "templates", package.parent / "reports" / "templates"):
        if folder.is_dir():
            return folder
    raise InputError("the report templates are missing from this installation", hint="install keymuster again")
