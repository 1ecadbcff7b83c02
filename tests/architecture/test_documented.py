"""What a user can meet is documented: commands, exit codes, rules, configuration keys, decisions."""

import re
from pathlib import Path

import pytest

from scanner.cli.exit_codes import MEANINGS, ExitCode
from scanner.cli.main import COMMANDS

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = [*DOCS.rglob("*.md"), *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md"))]


def test_every_command_has_a_heading_in_the_command_page():
    text = (DOCS / "commands.md").read_text()
    assert [name for name in COMMANDS if f"## keymuster {name}" not in text] == []


@pytest.mark.parametrize("page", ["docs/ci.md", "docs/adr/0005-exit-codes.md"])
def test_every_exit_code_is_in_the_table(page: str):
    rows = dict(re.findall(r"^\| (\d+) \| ([^|]+?) \|", (ROOT / page).read_text(), re.MULTILINE))
    assert rows.keys() == {str(code.value) for code in ExitCode}
    assert set(MEANINGS) == set(ExitCode)


def test_every_rule_has_a_generated_page():
    rules = {path.stem for path in (ROOT / "policies/rules").rglob("*.yaml")}
    pages = {path.stem for path in (DOCS / "rules").rglob("KEY-*.md")}
    assert rules == pages


def test_every_relative_link_leads_somewhere():
    links = [(page, target) for page in PAGES for target in re.findall(r"\]\(([^)#\s]+)", page.read_text())]
    local = [(page, target) for page, target in links if "://" not in target and not target.startswith("mailto:")]
    assert [f"{page.name}: {target}" for page, target in local if not (page.parent / target).exists()] == []


def test_the_glossary_words_are_used_for_deviations():
    allowed = {"docs/glossary.md", "docs/controls.md"}
    wrong = re.compile(r"\b(whitelist|blacklist|suppression list|exception register)\b", re.IGNORECASE)
    pages = [str(page.relative_to(ROOT)) for page in PAGES if wrong.search(page.read_text())]
    assert [page for page in pages if page not in allowed] == []


def test_no_page_or_source_names_a_machine_or_a_host_of_packages():
    words = re.compile(r"(/work/|/root/|/home/\w+/|files\.pythonhosted|index-url\s*=|registry\.npmjs)")
    folders = ("scanner", "policies", "examples", "scripts")
    sources = [path for folder in folders for path in (ROOT / folder).rglob("*.*")]
    kinds = {".md", ".py", ".yaml", ".yml", ".sh", ".lock"}
    texts = [path for path in (*PAGES, *sources, ROOT / "requirements.lock") if path.suffix in kinds]
    assert [path for path in texts if words.search(path.read_text())] == []
