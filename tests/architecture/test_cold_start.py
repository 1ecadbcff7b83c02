"""Heavy libraries are loaded by the work that needs them, never by the command line itself."""

import json
import subprocess
import sys

import pytest

HEAVY = ("boto3", "botocore", "google.cloud", "azure", "jinja2", "weasyprint", "pydantic", "rich", "yaml")


def modules_after(code: str) -> set[str]:
    script = f"import sys, json\n{code}\nprint(json.dumps(sorted(sys.modules)), file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return set(json.loads(done.stderr.splitlines()[-1]))


def test_help_loads_no_sdk_template_or_renderer():
    code = "from scanner.cli.main import run\ntry:\n    run(['--help'])\nexcept SystemExit:\n    pass"
    assert modules_after(code) & set(HEAVY) == set()


@pytest.mark.parametrize("module", ["assessment", "facts.derive", "rules.load", "waivers.apply", "kpis.measure"])
def test_the_pure_core_loads_no_sdk_or_renderer(module: str):
    loaded = modules_after(f"import scanner.{module}")
    assert loaded & {"boto3", "botocore", "jinja2", "weasyprint", "rich", "socket"} <= {"socket"}


def test_normalising_stored_responses_needs_no_sdk():
    assert modules_after("import scanner.providers.aws.normalise") & {"boto3", "botocore"} == set()
