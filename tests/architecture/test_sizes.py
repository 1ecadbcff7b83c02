"""Sizes are design questions: a file over 400 lines or a function over 60 asks for a wall."""

import ast
from pathlib import Path

ROOT = Path(__file__).parents[2]
SOURCES = sorted((ROOT / "scanner").rglob("*.py"))


def test_no_module_is_longer_than_400_lines():
    assert [f"{path}: {n}" for path in SOURCES if (n := path.read_text().count("\n")) > 400] == []


def test_no_function_is_longer_than_60_lines():
    found = []
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                if length > 60:
                    found.append(f"{path}:{node.lineno} {node.name}: {length}")
    assert found == []


def test_pipeline_stays_a_picture():
    assert (ROOT / "scanner/pipeline.py").read_text().count("\n") < 80


def test_no_catch_all_module_names():
    forbidden = {"utils", "util", "common", "base", "manager", "handler", "helpers", "misc"}
    assert [path for path in SOURCES if path.stem in forbidden] == []


def test_nothing_is_patched():
    sources = [path for path in (ROOT / "tests").rglob("*.py") if path != Path(__file__)]
    words = ("unittest.mock", "monkeypatch.setattr", "mocker.")
    assert [path for path in sources if any(word in path.read_text() for word in words)] == []
