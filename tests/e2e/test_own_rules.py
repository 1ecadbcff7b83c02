"""A rule of one's own, from the scaffold to a finding, without touching Python."""

import pytest

from commands import keymuster

PACK = "pack: acme\nversion: 1.0.0\nmodel: keys/v1\ntests: required\n"
NEW = ("rules", "new", "--guardrail", "rotation")


@pytest.fixture
def pack(tmp_path):
    """An empty pack and a configuration that names it and fills a list."""
    (tmp_path / "acme" / "rules").mkdir(parents=True)
    (tmp_path / "acme" / "pack.yaml").write_text(PACK)
    (tmp_path / "keymuster.yaml").write_text(
        "providers: {aws: {}}\npolicies: {packs: [acme]}\nlists: {teams: [payments]}\n"
    )
    return tmp_path / "acme"


@pytest.mark.parametrize("rule", ["ACME-ROT-001", "KEY-ROT-901"])
@pytest.mark.parametrize("subject", ["key", "population_scope", "account_region", "data_store"])
def test_a_new_rule_is_tested_listed_and_documented(pack, rule, subject):
    file = pack / "rules" / f"{rule}.yaml"
    made = keymuster(*NEW, rule, "--subject", subject, "--out", file, folder=pack.parent)
    assert made.returncode == 0, made.stderr
    tested = keymuster("rules", "test", "--coverage", "--mutate", file)
    assert (tested.returncode, tested.stdout.partition(",")[0]) == (0, "1 rules"), tested.stdout
    assert rule in keymuster("rules", "list", folder=pack.parent).stdout
    assert keymuster("rules", "show", rule, folder=pack.parent).stdout.startswith(f"# {rule}: ")


def test_the_next_id_is_given_for_an_area_with_or_without_a_prefix():
    assert keymuster(*NEW, "ACME-ROT").stdout.startswith("id: ACME-ROT-001\n")
    assert keymuster(*NEW, "ROT").stdout.startswith("id: KEY-ROT-0")


@pytest.mark.parametrize(
    ("rule", "out", "why"),
    [
        ("KEY-ROT-9", None, "neither a rule id nor an area"),
        ("key-rot-009", None, "neither a rule id nor an area"),
        ("KEY-ROT-001", None, "exists already"),
        ("KEY-ROT-901", "other.yaml", "KEY-ROT-901.yaml"),
    ],
)
def test_what_could_not_be_loaded_is_not_written(pack, rule, out, why):
    done = keymuster(*NEW, rule, *(("--out", out) if out else ()), folder=pack)
    assert done.returncode == 2
    assert why in done.stderr
    assert [path.name for path in pack.iterdir()] == ["rules", "pack.yaml"] or not (pack / "other.yaml").exists()


@pytest.fixture
def rule(pack):
    """A rule that needs a shipped catalogue."""
    file = pack / "rules" / "ACME-TAG-001.yaml"
    text = keymuster("rules", "new", "ACME-TAG-001", "--guardrail", "tagging").stdout
    file.write_text(text.replace("controls: {} ", "controls: {pci-dss-4.0.1: ['3.7.4']} "))
    return file


def test_a_rule_is_tested_beside_the_catalogues_it_names(rule):
    done = keymuster("rules", "test", rule)
    assert (done.returncode, done.stdout) == (0, "1 rules, 5 tests: all tests passed\n")


def test_a_rule_is_tested_with_the_lists_of_the_configuration(rule):
    config = rule.parents[2] / "keymuster.yaml"
    text = (
        rule.read_text()
        .replace("{absent: false}", "{in_list: teams}")
        .replace("expected present", "expected in list teams")
    )
    rule.write_text(text.replace("is named, expect", "is named, lists: {teams: [payments]}, expect"))
    assert keymuster("rules", "test", rule).returncode == 2
    done = keymuster("rules", "test", rule, "-c", config)
    assert done.returncode == 0, done.stdout + done.stderr


def test_line_ends_of_windows_do_not_hide_a_rule(rule):
    rule.write_bytes(rule.read_bytes().replace(b"\n", b"\r\n"))
    assert keymuster("rules", "test", rule).stdout.startswith("1 rules, 5 tests")


def test_a_path_without_a_rule_is_no_success(pack, rule):
    rule.rename(pack / rule.name)
    for path in (pack, pack / rule.name):
        done = keymuster("rules", "test", path)
        assert done.returncode == 2
        assert "holds no rule" in done.stderr
