"""What a CloudTrail trail records, from its event selectors. Knows neither status nor bucket.

https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-management-events-with-cloudtrail.html and
https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_AdvancedFieldSelector.html
"""

from scanner.facts.kleene import Truth, all_of, any_of
from scanner.model.trail import AdvancedSelector, BasicSelector, FieldSelector, ReadWrite, Selectors
from scanner.model.unknown import Cause, Unknown

KEY_SERVICE = "kms.amazonaws.com"
SOME_SERVICE = "any-other-service.amazonaws.com"
"""Stands for services in general: a name that no selector singles out."""

_UNJUDGED = Unknown(cause=Cause.UNSUPPORTED, call="cloudtrail:GetEventSelectors")


def records_changes(selectors: Selectors, source: str) -> Truth:
    """Write management events of the service are recorded.

    One selector that takes them is enough; without any the trail takes every management event. Unknown when only
    a selector that filters on a field we cannot place (eventName, userIdentity.arn) stands between yes and no.
    """
    if not selectors.basic and not selectors.advanced:
        return True
    takes = [_basic(selector, source) for selector in selectors.basic]
    takes += [_advanced(selector, source) for selector in selectors.advanced]
    return any_of(takes)


def _basic(selector: BasicSelector, source: str) -> Truth:
    excluded = source in (name.casefold() for name in selector.excluded_sources)
    if not selector.management or excluded or selector.read_write is ReadWrite.READ:
        return False
    return _UNJUDGED if selector.read_write is ReadWrite.UNRECOGNISED else True


def _advanced(selector: AdvancedSelector, source: str) -> Truth:
    """All fields must match, and the event category must be among them."""
    if not any(field.field == "eventCategory" for field in selector.fields):
        return False
    return all_of(_field(field, source) for field in selector.fields)


def _field(field: FieldSelector, source: str) -> Truth:
    match field.field:
        case "eventCategory":
            return _fits(field, "Management")
        case "readOnly":
            return _fits(field, "false")
        case "eventSource":
            return _fits(field, source)
        case _:
            return _UNJUDGED


def _fits(field: FieldSelector, value: str) -> bool:
    """Selecting comparisons are alternatives, and none of the deselecting ones may hit."""
    selecting = field.equals or field.starts_with or field.ends_with
    selected = value in field.equals or value.startswith(field.starts_with) or value.endswith(field.ends_with)
    deselected = (
        value in field.not_equals or value.startswith(field.not_starts_with) or value.endswith(field.not_ends_with)
    )
    return (selected or not selecting) and not deselected
