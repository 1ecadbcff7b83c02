"""Rules as SARIF describes them: name, help, weight and tags. Knows no result."""

from scanner.model.finding import Severity
from scanner.model.report import RuleResult
from scanner.outputs.escape import line, markdown_text
from scanner.outputs.json_document import Json

LEVELS = {Severity.CRITICAL: "error", Severity.HIGH: "error", Severity.MEDIUM: "warning", Severity.LOW: "note"}
"""SARIF's level for a fail."""

SECURITY_SEVERITY = {Severity.CRITICAL: "9.5", Severity.HIGH: "8.0", Severity.MEDIUM: "5.5", Severity.LOW: "2.0"}
"""The middle of GitHub's band of that name (over 9.0 critical, 7.0 high, 4.0 medium)."""

TAG_LIMIT = 10
"""Tags GitHub shows."""


def descriptor(rule: RuleResult) -> Json:
    """One reportingDescriptor; its help names why, how to fix it and the controls it serves."""
    return {
        "id": rule.id,
        "shortDescription": {"text": line(rule.title)},
        "fullDescription": {"text": _text(rule.rationale)},
        "help": {"text": "\n\n".join(_help(rule)), "markdown": "\n\n".join(_help_markdown(rule))},
        "defaultConfiguration": {"level": LEVELS[rule.severity]},
        "properties": {
            "tags": _tags(rule),
            "security-severity": SECURITY_SEVERITY[rule.severity],
            "precision": "very-high",
            "problem.severity": LEVELS[rule.severity].replace("note", "recommendation"),
        },
    }


def _help(rule: RuleResult) -> list[str]:
    fixes = [f"Fix ({provider}): {_text(text)}" for provider, text in sorted(rule.remediation.items())]
    controls = [f"{framework} {', '.join(ids)}" for framework, ids in sorted(rule.controls.items()) if ids]
    return [
        f"{line(rule.title)} ({rule.severity}).",
        f"Why: {_text(rule.rationale)}",
        *fixes,
        *([f"Controls: {'; '.join(controls)}"] if controls else []),
    ]


def _help_markdown(rule: RuleResult) -> list[str]:
    return [markdown_text(part) for part in _help(rule)]


def _tags(rule: RuleResult) -> list[str]:
    """GitHub shows the first ten: the constant ones, then controls in order."""
    controls = [f"{framework}:{number}" for framework, ids in sorted(rule.controls.items()) for number in ids]
    return ["security", "key-management", rule.guardrail.value, *controls][:TAG_LIMIT]


def _text(text: str) -> str:
    """Running text on one line: the line breaks of a YAML block are no content."""
    return line(" ".join(text.split()))
