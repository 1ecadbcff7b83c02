import json
import subprocess
import sys

import pytest

from reports import big_report, report
from scanner.config.schema import Outputs
from scanner.outputs.formats import ALWAYS, FORMATS, REPORT_FORMATS, OutputOptions, printed

WRITTEN = {**ALWAYS, **{name: form for name, form in FORMATS.items() if name not in REPORT_FORMATS}}


def test_files_have_the_names_of_the_pack():
    assert [form.file for form in (*ALWAYS.values(), *FORMATS.values())] == [
        *("findings.json", "verdicts.jsonl.gz", "kpis.json", "collection.json", "protection.json"),
        "access.json",
        *("findings.csv", "findings.sarif", "junit.xml", "summary.md", "report.html", "report.pdf"),
    ]


def test_the_configuration_chooses_among_exactly_these():
    assert set(Outputs().formats) == set(FORMATS)
    assert OutputOptions().formats == Outputs().formats


@pytest.mark.parametrize("name", WRITTEN)
def test_a_file_is_the_same_in_another_process(name: str):
    code = (
        "import sys; sys.path.insert(0, 'tests/support'); from reports import report;"
        "from scanner.outputs.formats import OutputOptions, printed;"
        f"sys.stdout.buffer.write(printed({name!r}, report(), OutputOptions()))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert done.stdout == printed(name, report(), OutputOptions())


def test_the_compressed_file_holds_neither_time_nor_name():
    head = printed("verdicts", report(), OutputOptions())[:10]
    assert (head[:3], head[3], head[4:8]) == (b"\x1f\x8b\x08", 0, b"\0\0\0\0")


def test_naming_the_formats_loads_no_renderer():
    code = "import scanner.outputs.formats, sys, json; print(json.dumps(sorted(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(json.loads(done.stdout))
    assert loaded & {"jinja2", "weasyprint", "rich", "scanner.outputs.html", "scanner.outputs.pdf"} == set()


def test_data_formats_load_no_template_or_pdf_library():
    code = (
        "import sys, json; sys.path.insert(0, 'tests/support'); from reports import report;"
        "from scanner.outputs.formats import OutputOptions, printed;"
        f"[printed(name, report(), OutputOptions()) for name in {[*WRITTEN, 'text']!r}];"
        "print(json.dumps(sorted(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert set(json.loads(done.stdout)) & {"jinja2", "weasyprint", "rich", "pydantic", "yaml"} == set()


def test_ten_thousand_findings_are_named_in_every_data_file():
    about = big_report(10_000)
    for name in ("json", "csv", "sarif", "junit"):
        assert printed(name, about, OutputOptions()).count(b"key/00009999-12ab") >= 1
