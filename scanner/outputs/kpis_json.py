"""kpis.json: indicators and scores with their definition. Computes none; what has no value says why."""

from scanner.model.report import Report
from scanner.outputs.json_document import encode, heading

KPIS = "kpis.json"
KPIS_SCHEMA = "keymuster/kpis/1"


def render(report: Report) -> bytes:
    """The file: the indicators, then the scores with their ranges, counts and severity weights."""
    document = heading(KPIS_SCHEMA, report) | {
        "kpis": report.kpis,
        "score": report.score,
        "summary": report.counts,
        "weights": report.pack.weights,
        "guardrails": [
            {
                "guardrail": result.guardrail,
                "score": result.score,
                "previous": result.previous,
                "summary": result.counts,
            }
            for result in report.guardrails
        ],
    }
    return encode(document)
