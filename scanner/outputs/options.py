"""What a user may choose about the outputs. Chooses nothing itself."""

import msgspec


class OutputOptions(msgspec.Struct, frozen=True, kw_only=True):
    """The formats a pack holds besides the JSON files, and how SARIF treats what does not fail."""

    formats: tuple[str, ...] = ("csv", "sarif", "junit", "markdown", "html", "pdf")
    sarif_unknown: str = "none"
    sarif_all: bool = False
