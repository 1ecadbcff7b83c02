"""Where the rules that come with the product stand. Reads none of them."""

from pathlib import Path


def shipped_policies() -> Path:
    """The folder of the shipped pack: inside the installed package, else at the top of a checkout."""
    installed = Path(__file__).parents[1] / "_data" / "policies"
    return installed if installed.is_dir() else Path(__file__).parents[2] / "policies"
