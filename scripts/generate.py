"""Writes what is generated from the code: rule pages, schemas, configuration page, permissions, commands.

`--check` writes nothing and fails when a file differs from what would be written.
"""

import json
import sys
from pathlib import Path

from scanner.cli.commands_page import page as commands_page
from scanner.config.document_page import page as config_page
from scanner.providers.aws.permissions_page import page as aws_permissions_page
from scanner.providers.azure.permissions_page import page as azure_permissions_page
from scanner.providers.gcp.permissions_page import page as gcp_permissions_page
from scanner.rules.document import pages as rule_pages
from scanner.rules.load import load_rules
from scanner.rules.schema import json_schema

ROOT = Path(__file__).parent.parent


def generated() -> dict[Path, str]:
    """Every generated file with its text."""
    rules = load_rules([ROOT / "policies"], baseline="default", lists={})
    files = {ROOT / path: text for path, text in rule_pages(rules).items()}
    files[ROOT / "policies" / "rule.schema.json"] = json.dumps(json_schema(), indent=2) + "\n"
    files[ROOT / "docs" / "config.md"] = config_page()
    files[ROOT / "docs" / "commands.md"] = commands_page()
    files[ROOT / "docs" / "providers" / "aws-permissions.md"] = aws_permissions_page()
    files[ROOT / "docs" / "providers" / "gcp-permissions.md"] = gcp_permissions_page()
    files[ROOT / "docs" / "providers" / "azure-permissions.md"] = azure_permissions_page()
    return files


def main() -> int:
    """Writes or checks; returns the exit code."""
    stale = {path: text for path, text in generated().items() if not path.is_file() or path.read_text() != text}
    known = set(generated())
    orphans = [path for path in (ROOT / "docs" / "rules").glob("*.md") if path not in known]
    if "--check" in sys.argv[1:]:
        for path in (*stale, *orphans):
            print(f"{path.relative_to(ROOT)}: not what the code generates; run `make generate`")
        return 1 if stale or orphans else 0
    for path, text in stale.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        print(f"wrote {path.relative_to(ROOT)}")
    for path in orphans:
        path.unlink()
        print(f"removed {path.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
