"""What is kept of Resource Graph's rows about what keys protect: the allow-list of fields. Holds no logic."""

from scanner.providers.azure.replies import Kept


class StoreRow(Kept, frozen=True, kw_only=True):
    """A row as the query projects it; what a kind does not have is blank."""

    id: str
    name: str
    type: str
    location: str
    set: str = ""
    active: str = ""
    vault: str = ""
    key: str = ""
    version: str = ""
    protector: str = ""
    uri: str = ""
    primary: str = ""
    source: str = ""
    created: str = ""


class StoreRows(Kept, frozen=True, kw_only=True):
    """A page of rows; `result_truncated` says that there are more, which a token leads to."""

    data: tuple[StoreRow, ...]
    result_truncated: str = "false"
