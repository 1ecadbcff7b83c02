import pytest
from rule_builder import PACK, load_faults, load_one, one_rule, rule_text, write_pack

from scanner.model.errors import PolicyError
from scanner.model.finding import Severity, SubjectKind
from scanner.rules.load import load_rules
from scanner.rules.ruleset import WaiverBounds, by_name

CORE = PACK.replace("acme", "keymuster-core")
CATALOGUE = """
id: frame-1
title: Frame 1
source: https://example.org
checked: 2026-01-01
controls:
  - {id: "1.1", title: Keys rotate}
"""


def test_a_rule_is_loaded_with_all_it_says(tmp_path):
    rule = one_rule(tmp_path, waiver="{max_days: 30, approvers: 2}", aliases="[ACME-OLD-001]")
    assert (rule.id, rule.severity, rule.subject, rule.status) == (
        "ACME-TAG-001",
        Severity.HIGH,
        SubjectKind.KEY,
        "stable",
    )
    assert rule.waiver == WaiverBounds(allowed=True, max_days=30, approvers=2)
    assert (rule.aliases, rule.line, rule.file) == (("ACME-OLD-001",), 1, "policies/acme/rules/ACME-TAG-001.yaml")
    assert rule.text == rule_text(waiver="{max_days: 30, approvers: 2}", aliases="[ACME-OLD-001]")


WRONG = [
    ({"titel": "x"}, "unknown key 'titel'; did you mean 'title'?"),
    ({"title": None}, "1:1: expected key 'title', which is missing"),
    ({"require": None}, "1:1: expected key 'require', which is missing"),
    ({"title": "' '"}, "expected text, got blank text"),
    ({"guardrail": "rotatoin"}, "3:12: 'rotatoin' is not a value of this field; did you mean 'rotation'?"),
    ({"subject": "keys"}, "4:10: 'keys' is not a value of this field; did you mean 'key'?"),
    (
        {"severity": "urgent"},
        "5:11: 'urgent' is not a value of this field; expected one of critical, high, low, medium",
    ),
    ({"status": "stabel"}, "'stabel' is not a status; did you mean 'stable'?"),
    ({"when": "true"}, "expected a mapping, got the boolean true"),
    ({"require": "{rotation.enabeld: true}"}, "7:11: Rotation has no field 'enabeld'; did you mean 'enabled'?"),
    ({"controls": "{frame-1: ['1.1']}"}, "no framework 'frame-1'; there is none"),
    ({"remediation": "{amazon: x}"}, "'amazon' is not a provider; expected one of aws, azure, gcp"),
    ({"remediation": "{aws: 'run {idd}'}"}, "no placeholder {idd}; did you mean 'id'?"),
    ({"remediation": "{aws: 'run {id.days}'}"}, "{id.days} needs a parameter of type duration"),
    ({"waiver": "{max_days: 400}"}, "expected a whole number from 1 to 180, got 400"),
    ({"waiver": "{days: 3}"}, "unknown key 'days'; did you mean 'max_days'?"),
    (
        {"params": "{most: {type: durations, default: 1d}}"},
        "'durations' is not a value of this field; did you mean 'duration'?",
    ),
    ({"params": "{most: {type: duration, default: 1d}}"}, "parameter 'most' is not used; refer to it as $most"),
    ({"params": "{most: {type: duration, default: 9d, max: 8d}}"}, "most is at most 8d, got 9d"),
    ({"params": "{most: {type: duration, default: 1d, min: 8d}}"}, "most is at least 8d, got 1d"),
    ({"params": "{most: {type: bool, default: true, min: 1}}"}, "a parameter of type bool has no bounds"),
    ({"params": "{Most: {type: bool, default: true}}"}, "'Most' is not a parameter name"),
    ({"params": "{most: {type: number, default: much}}"}, "expected a number such as 0.5, got 'much'"),
    ({"params": "{most: {type: int, default: 1d}}"}, "expected a whole number such as 3, got '1d'"),
    ({"tests": "{}"}, "expected a list of tests, got a mapping"),
    ({"tests": "[{expect: pass}]"}, "expected key 'name', which is missing"),
    ({"tests": "[{name: a, expect: passed}]"}, "'passed' is not a value of this field; did you mean 'pass'?"),
    ({"tests": "[{name: a, expect: pass}, {name: a, expect: fail}]"}, "two tests are called 'a'"),
    ({"tests": "[{name: a, expect: pass, facts: {stat: x}}]"}, "Key has no field 'stat'; did you mean 'state'?"),
    ({"tests": "[{name: a, expect: pass, facts: {age: 3}}]"}, "expected a duration such as 365d, 12h or 15m"),
    ({"tests": "[{name: a, expect: pass, facts: {state: null}}]"}, "that is never absent; expected a value"),
    ({"tests": "[{name: a, expect: pass, facts: {id: !unknown denied x}}]"}, "that is always read; expected a value"),
    ({"tests": "[{name: a, expect: pass, facts: {state: !unknown denid x}}]"}, "did you mean 'denied'?"),
    ({"tests": "[{name: a, expect: pass, facts: {state: !unknown denied}}]"}, "expected !unknown CAUSE CALL"),
    (
        {"tests": "[{name: a, expect: pass, facts: {created_at: 2026-01-01}}]"},
        "expected a time such as 2026-01-01T00:00:00Z",
    ),
]


@pytest.mark.parametrize(("fields", "text"), WRONG, ids=[str(fields)[:60] for fields, _ in WRONG])
def test_a_wrong_rule_file_says_where_what_and_what_was_meant(tmp_path, fields, text):
    (line,) = load_faults(tmp_path, rule_text(**fields))
    assert line.startswith("rules/ACME-TAG-001.yaml:")
    assert text in line


def test_keys_out_of_order_are_named(tmp_path):
    text = "id: ACME-TAG-001\nguardrail: rotation\ntitle: x\n" + rule_text().split("\n", 3)[3]
    (line,) = load_faults(tmp_path, text)
    assert line.startswith("rules/ACME-TAG-001.yaml:3:1: 'title' stands before 'guardrail'; the order is id, title")


def test_one_run_names_the_faults_of_every_file(tmp_path):
    lines = load_faults(
        tmp_path,
        rule_text("ACME-TAG-001", severity="hihg", when="{stat: enabled, age: 3}"),
        rule_text("ACME-TAG-002", require="{tags: {ownr: {absent: false}}}"),
        baselines__default="overide: {}\n",
    )
    assert [line.split(": ")[0] for line in lines] == [
        "baselines/default.yaml:1:1",
        "rules/ACME-TAG-001.yaml:5:11",
        "rules/ACME-TAG-001.yaml:6:8",
        "rules/ACME-TAG-001.yaml:6:28",
        "rules/ACME-TAG-002.yaml:7:18",
    ]


def test_a_file_holds_the_rule_it_is_called_after(tmp_path):
    write_pack(tmp_path, {"rules/other.yaml": rule_text(), "rules/ACME-TAG-002.yaml": rule_text("tag-2")})
    with pytest.raises(PolicyError) as caught:
        load_rules([tmp_path], baseline="default", lists={})
    assert "'tag-2' is not a rule id; expected the form KEY-ROT-001" in caught.value.message
    assert "rule ACME-TAG-001 stands in other.yaml" in caught.value.message


def test_a_rule_id_is_unique_over_packs_and_former_ids(tmp_path):
    write_pack(tmp_path / "a", {"rules/ACME-TAG-001.yaml": rule_text()})
    write_pack(
        tmp_path / "b",
        {"rules/ACME-TAG-002.yaml": rule_text("ACME-TAG-002", aliases="[ACME-TAG-001]")},
        PACK.replace("acme", "other"),
    )
    with pytest.raises(PolicyError, match="rule id ACME-TAG-001 is already taken at"):
        load_rules([tmp_path / "a", tmp_path / "b"], baseline="default", lists={})


def test_a_control_must_be_in_its_catalogue(tmp_path):
    rules = rule_text(controls="{frame-1: ['1.1', '1.2'], fram-1: ['1.1']}")
    assert load_faults(tmp_path, rules, controls__frame_1="", **{"controls__frame-1": CATALOGUE})[-2:] == [
        "rules/ACME-TAG-001.yaml:6:29: frame-1 has no control '1.2'; did you mean '1.1'?",
        "rules/ACME-TAG-001.yaml:6:37: no framework 'fram-1'; did you mean 'frame-1'?",
    ]


def test_catalogues_come_with_the_rule_set(tmp_path):
    rules = load_one(tmp_path, rule_text(controls="{frame-1: ['1.1']}"), **{"controls__frame-1": CATALOGUE})
    assert [(item.id, item.checked.isoformat(), len(item.controls)) for item in rules.frameworks] == [
        ("frame-1", "2026-01-01", 1)
    ]


@pytest.mark.parametrize(
    ("pack", "text"),
    [
        ("pack: acme\nmodel: keys/v1\n", "expected key 'version', which is missing"),
        (PACK + "modle: x\n", "unknown key 'modle'; did you mean 'model'?"),
        (PACK.replace("acme", "Acme Corp"), "'Acme Corp' is not a pack name"),
        (PACK.replace("1.0.0", "'1'"), "'1' is not a version; expected the form 1.0.0"),
        (PACK.replace("keys/v1", "keys/v9"), "'keys/v9' is not a model this build knows; expected keys/v1"),
        (PACK + "tests: always\n", "'always' is not a value of this field; expected required or optional"),
    ],
)
def test_a_wrong_pack_file_is_refused(tmp_path, pack, text):
    (line,) = load_faults(tmp_path, rule_text(), pack=pack)
    assert text in line


def test_a_folder_without_a_pack_is_refused(tmp_path):
    with pytest.raises(PolicyError, match=r"expected a folder with a pack\.yaml, found none"):
        load_rules([tmp_path / "nowhere"], baseline="default", lists={})


def test_a_rule_file_that_is_no_mapping_is_refused(tmp_path):
    write_pack(tmp_path, {"rules/ACME-TAG-001.yaml": "- a\n"})
    with pytest.raises(PolicyError, match="expected a rule, got a list"):
        load_rules([tmp_path], baseline="default", lists={})


def test_what_two_packs_give_under_one_name_is_refused(tmp_path):
    shared = {"baselines/mine.yaml": "{}", "controls/frame-1.yaml": CATALOGUE}
    one = write_pack(tmp_path / "one", shared)
    other = write_pack(tmp_path / "other", shared, CORE)
    with pytest.raises(PolicyError) as caught:
        load_rules([one, other, one], baseline="default", lists={})
    for text in (
        "baseline 'mine' is already given by another pack",
        "framework 'frame-1' is already given by another pack",
        "pack 'acme' is given twice",
    ):
        assert text in caught.value.message


@pytest.mark.parametrize(
    ("old", "new", "text"),
    [
        ("id: frame-1", "id: frame-2", "framework frame-2 stands in frame-1.yaml; name it frame-2.yaml"),
        ("controls:", "controls:\n  - {id: '1.1', title: again}", "control '1.1' is listed twice"),
        ("checked: 2026-01-01", "checked: lately", "expected a date such as 2026-01-31, got 'lately'"),
        ("checked: 2026-01-01", "", "expected key 'checked', which is missing"),
        ("title: Keys rotate", "titel: x", "unknown key 'titel'; did you mean 'title'?"),
    ],
)
def test_a_wrong_catalogue_is_refused(tmp_path, old, new, text):
    (line,) = load_faults(tmp_path, rule_text(), **{"controls__frame-1": CATALOGUE.replace(old, new, 1)})
    assert line.startswith("controls/frame-1.yaml:")
    assert text in line


def test_a_file_that_cannot_be_read_is_named(tmp_path):
    write_pack(tmp_path, {"rules/ACME-TAG-001.yaml": rule_text()})
    (tmp_path / "rules" / "ACME-TAG-002.yaml").symlink_to(tmp_path / "gone")
    with pytest.raises(PolicyError, match=r"ACME-TAG-002\.yaml:1:1: cannot be read: No such file or directory"):
        load_rules([tmp_path], baseline="default", lists={})


def test_a_waiver_may_be_forbidden_or_ask_for_more_approvers_alone(tmp_path):
    assert one_rule(tmp_path / "a", waiver="{allowed: false}").waiver == WaiverBounds(allowed=False)
    assert one_rule(tmp_path / "b", waiver="{approvers: 3}").waiver == WaiverBounds(approvers=3)


def test_rules_are_found_under_their_former_ids(tmp_path):
    found = load_one(tmp_path, rule_text(aliases="[ACME-OLD-001]"))
    assert {name: rule.id for name, rule in by_name(found).items()} == {
        "ACME-OLD-001": "ACME-TAG-001",
        "ACME-TAG-001": "ACME-TAG-001",
    }


@pytest.mark.parametrize(
    ("definition", "printed"),
    [
        ("{type: number, default: 2.5, min: .5, max: 1e3}", "2.5"),
        ("{type: number, default: 2}", "2.0"),
        ("{type: int, default: -1, min: -3}", "-1"),
    ],
)
def test_numbers_may_be_parameters(tmp_path, definition, printed):
    rule = one_rule(
        tmp_path,
        params=f"{{most: {definition}}}",
        subject="population_scope",
        when=None,
        require="{listed: {lte: $most}}",
    )
    assert rule.params == {"most": printed}


def test_files_that_would_be_overlooked_are_named(tmp_path):
    write_pack(tmp_path, {"rules/ACME-TAG-001.yml": rule_text()})
    (tmp_path / "rules" / "ACME-TAG-002.yaml").write_bytes(b"id: \xff")
    with pytest.raises(PolicyError) as caught:
        load_rules([tmp_path], baseline="default", lists={})
    assert "expected the ending .yaml; rename it to ACME-TAG-001.yaml" in caught.value.message
    assert "not UTF-8 text: byte 5" in caught.value.message


def test_a_parameter_name_means_one_thing(tmp_path):
    params = "{most: {type: duration, default: 30d}}"
    own = rule_text(params=params, require="{age: {lte: $most}}")
    (line,) = load_faults(tmp_path, own, pack=f"{PACK}params: {params}\n")
    assert "parameter 'most' is already defined at" in line


def test_a_pack_that_requires_tests_refuses_a_rule_without_them(tmp_path):
    (line,) = load_faults(tmp_path, rule_text(tests="[{name: a, expect: pass}]"), pack=f"{PACK}tests: required\n")
    assert line == (
        "rules/ACME-TAG-001.yaml:1:5: rule ACME-TAG-001 needs a test that expects fail and one that expects unknown "
        "and one that expects not_applicable"
    )


def test_no_test_is_asked_for_a_verdict_that_cannot_occur(tmp_path):
    text = rule_text(
        when=None,
        require="{region: eu-central-1}",
        tests="[{name: a, expect: pass}, {name: b, expect: fail, facts: {region: us-east-1}}]",
    )
    assert len(load_one(tmp_path, text, pack=f"{PACK}tests: required\n").rules) == 1


def test_a_list_that_nobody_fills_must_be_declared(tmp_path):
    text = rule_text(require="{account: {in_list: trusted}}")
    (line,) = load_faults(tmp_path / "a", text)
    assert "no list 'trusted' in the configuration or in pack.yaml" in line
    assert load_one(tmp_path / "b", text, pack=f"{PACK}lists: {{trusted: our accounts}}\n").rules


def test_a_rule_set_is_found_again_in_an_evidence_pack(tmp_path):
    params = "params: {most: {type: duration, default: 30d}}\n"
    core = write_pack(
        tmp_path / "core",
        {"rules/x/KEY-TAG-001.yaml": rule_text("KEY-TAG-001"), "baselines/strict.yaml": "extends: default\n"},
        PACK.replace("acme", "keymuster-core"),
    )
    zeta = write_pack(
        tmp_path / "zeta", {"rules/ACME-TAG-001.yaml": rule_text(require="{age: {lte: $most}}")}, PACK + params
    )
    alpha = write_pack(tmp_path / "alpha", {"baselines/mine.yaml": "extends: strict\n"}, PACK.replace("acme", "alpha"))
    first = load_rules([zeta, alpha, core], baseline="strict", lists={})
    for path, content in first.files.items():
        file = tmp_path / "policies" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    assert load_rules([tmp_path / "policies"], baseline="strict", lists={}) == first
    assert first.pack.name == "keymuster-core + acme + alpha"
    assert sorted(first.files) == [
        "acme/pack.yaml",
        "acme/rules/ACME-TAG-001.yaml",
        "alpha/baselines/mine.yaml",
        "alpha/pack.yaml",
        "baselines/strict.yaml",
        "pack.yaml",
        "rules/x/KEY-TAG-001.yaml",
    ]
