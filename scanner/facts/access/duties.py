"""The facts of access to a key, whichever cloud it is of. Derives none itself."""

from datetime import datetime

from scanner.facts.access.azure_facts import azure_facts
from scanner.facts.access.azure_site import AzureSite
from scanner.facts.access.google_facts import google_facts
from scanner.facts.access.google_site import GoogleSite
from scanner.facts.access.holders import derive_access, without
from scanner.facts.access.sites import Sites, is_evaluated, unasked
from scanner.facts.subjects.access import AccessFacts
from scanner.model.key import Key, Provider


def access_facts(key: Key, sites: Sites, ours: frozenset[str], as_of: datetime) -> AccessFacts:
    """The facts of access to a key of a shard; absent where access is not worked out, unknown where nothing was read.

    `ours` are the accounts of the population.
    """
    if key.provider is Provider.AWS:
        return derive_access(key, sites.matrices, ours, as_of)
    if not is_evaluated(key):
        return without(None)
    match sites.at(key, as_of):
        case GoogleSite() as google:
            return google_facts(google, ours)
        case AzureSite() as azure:
            return azure_facts(azure)
        case _:
            return without(unasked(key.provider))
