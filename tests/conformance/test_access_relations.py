"""Changes of a case that mean nothing: whatever the corpora hold, the evaluator must answer as before."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CORPORA = ROOT.parent / "shared/corpora/access"
AWS = ("aws_kms_dev.jsonl", "aws_kms_matrix_dev.jsonl", "aws_key_policy_reach_dev.jsonl")
OTHERS = ("gcp_kms_dev.jsonl", "azure_kv_dev.jsonl")


def run(lines, folder, name="cases.jsonl"):
    """What the runner writes for these lines."""
    source, out = folder / name, folder / "out.jsonl"
    source.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    command = [sys.executable, "-m", "tests.conformance.access", source, "--emit", out]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    assert out.is_file(), done.stderr
    return [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()], done


def cases(*names):
    if not CORPORA.is_dir():
        pytest.skip("the corpora are not part of this project")
    return [json.loads(line) for name in names for line in (CORPORA / name).read_text(encoding="utf-8").splitlines()]


def over_policies(tree, change):
    """The tree with every statement list in it changed."""
    if isinstance(tree, list):
        return [over_policies(item, change) for item in tree]
    if not isinstance(tree, dict):
        return tree
    if "Statement" in tree:
        found = tree["Statement"]
        return {**tree, "Statement": change(found if isinstance(found, list) else [found])}
    return {name: value if name == "expected" else over_policies(value, change) for name, value in tree.items()}


def over_each(change):
    return lambda statements: [change(statement) for statement in statements]


def over_texts(names, change):
    """Changes the texts of these elements of a statement."""

    def changed(statement):
        return {name: change(value) if name in names else value for name, value in statement.items()}

    return over_each(changed)


def listed(value):
    return value if isinstance(value, list) else [value]


def alone(value):
    return value[0] if isinstance(value, list) and len(value) == 1 else value


def shouted(value):
    return [text.upper() for text in value] if isinstance(value, list) else value.upper()


def split(statements):
    """One statement for each action and, where callers are named one by one, for each of them."""
    parts = []
    for statement in statements:
        actions = listed(statement["Action"]) if "Action" in statement else [None]
        named = statement.get("Principal")
        whom = (
            [{kind: name} for kind, names in named.items() for name in listed(names)]
            if isinstance(named, dict)
            else [named]
        )
        for action in actions:
            for one in whom:
                changed = {"Action": action} if action is not None else {}
                changed |= {"Principal": one} if one is not None else {}
                parts.append({**statement, **changed})
    return parts


def with_bystanders(statements):
    about = {"Action": "s3:*", "Resource": "*"}
    key = any("Principal" in statement or "NotPrincipal" in statement for statement in statements)
    whom = {"Principal": "*"} if key else {}
    allow, deny = ({"Effect": effect, **whom, **about} for effect in ("Allow", "Deny"))
    return [deny, *statements, allow]


def with_shouted_keys(statement):
    condition = statement.get("Condition")
    if not condition:
        return statement
    kept = {op: {key.upper(): values for key, values in keys.items()} for op, keys in condition.items()}
    return {**statement, "Condition": kept}


RELATIONS = {
    "statements in reverse": lambda statements: statements[::-1],
    "statements twice": lambda statements: statements * 2,
    "a statement for each action and caller": split,
    "single texts as lists": over_texts({"Action", "NotAction", "Resource", "NotResource"}, listed),
    "lists of one as texts": over_texts({"Action", "NotAction", "Resource", "NotResource"}, alone),
    "actions in capitals": over_texts({"Action", "NotAction"}, shouted),
    "statements on other services": with_bystanders,
    "condition keys in capitals": over_each(with_shouted_keys),
}


@pytest.mark.parametrize("name", RELATIONS)
def test_a_policy_written_otherwise_decides_alike(name, tmp_path):
    found = cases(*AWS)
    before, _ = run(map(json.dumps, found), tmp_path)
    after, done = run((json.dumps(over_policies(case, RELATIONS[name])) for case in found), tmp_path)
    # A reach case is a policy under another name, so it changes with the rest.
    assert after == before, done.stdout


def renamed(text):
    for old, new in (
        ("111122223333", "210987654321"),
        ("444455556666", "123456789012"),
        ("999988887777", "345678901234"),
        ("o-exampleorg1", "o-renamedorg2"),
        ("1234abcd-12ab", "4321dcba-21ba"),
        ("eu-west-1", "ap-south-1"),
        ("app-payments", "app-settlement"),
    ):
        text = text.replace(old, new)
    return text


def test_other_names_change_nothing_but_the_names(tmp_path):
    found = [json.dumps(case) for case in cases(*AWS)]
    before, _ = run(found, tmp_path)
    after, _ = run(map(renamed, found), tmp_path)
    assert after == json.loads(renamed(json.dumps(before)))


def in_reverse(tree):
    """The lists of a case of another cloud the other way round, but for its levels, whose order is their meaning."""
    if isinstance(tree, dict):
        return {
            name: [in_reverse(item) for item in value]
            if name in {"hierarchy", "management_groups"}
            else in_reverse(value)
            for name, value in tree.items()
        }
    return [in_reverse(item) for item in tree[::-1]] if isinstance(tree, list) else tree


def test_the_order_of_bindings_and_assignments_means_nothing(tmp_path):
    found = cases(*OTHERS)
    before, _ = run(map(json.dumps, found), tmp_path)
    after, _ = run((json.dumps(in_reverse(case)) for case in found), tmp_path)
    assert after == before


def test_scopes_and_ids_of_azure_ignore_case(tmp_path):
    found = cases("azure_kv_dev.jsonl")
    before, _ = run(map(json.dumps, found), tmp_path)
    for case in found:
        for item in (*case["role_assignments"], *case["deny_assignments"]):
            item["scope"] = item["scope"].swapcase()
        for item in case["role_assignments"]:
            item["principalId"] = item["principalId"].upper()
    after, _ = run(map(json.dumps, found), tmp_path)
    assert after == before


def test_what_is_expected_is_not_looked_at(tmp_path):
    found = cases(*AWS, *OTHERS)
    before, _ = run(map(json.dumps, found), tmp_path)
    for case in found:
        case.pop("expected", None)
        case.pop("expected_reach", None)
    after, done = run(map(json.dumps, found), tmp_path)
    assert after == before
    assert done.stdout.splitlines()[-1] == "0 agree, 0 disagree"
    assert done.returncode == 0
