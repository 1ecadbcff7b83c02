"""The file, then the environment, then the command line; every fault named at its place, and nothing half taken."""

import pytest

from scanner.config import environment
from scanner.config.load import SMALLEST, load_config, settings
from scanner.config.schema import Config
from scanner.model.errors import ConfigError
from scanner.model.finding import Severity
from scanner.model.settings import Settings

EXCLUDED = "{account: 111122223333, reason: a, approver: b}"


@pytest.fixture
def load(tmp_path):
    def of(text, variables=None, overrides=None) -> Config:
        file = tmp_path / "k.yaml"
        file.write_text(text, encoding="utf-8")
        return load_config(file, environment=variables or {}, overrides=overrides or {})

    return of


@pytest.fixture
def faults(load, tmp_path):
    def of(text, variables=None, overrides=None) -> list[str]:
        with pytest.raises(ConfigError) as caught:
            load(text, variables, overrides)
        assert caught.value.hint == "docs/config.md describes every key; nothing was scanned"
        return caught.value.message.replace(f"{tmp_path}/", "").splitlines()

    return of


def test_the_smallest_configuration_takes_every_default(load):
    config = load(SMALLEST)
    assert config.providers.aws.regions == ("us-east-1",)
    assert (config.fail_on, config.history.previous, config.waivers) == ("high", "none", None)
    assert settings(config) == Settings()


def test_an_unquoted_account_id_keeps_its_zero(load):
    accounts = load("providers: {aws: {accounts: [{id: 012345678901}, {id: 111122223333, name: 007}]}}").providers.aws
    assert [(account.id, account.name) for account in accounts.accounts] == [
        ("012345678901", None),
        ("111122223333", "007"),
    ]


def test_environment_goes_over_the_file_and_flags_over_both(load):
    text = SMALLEST + "\nfail_on: critical\norganisation: file\nhistory: {previous: file}\n"
    variables = {"KEYMUSTER_FAIL_ON": "medium", "KEYMUSTER_ORGANISATION": "environment", "PATH": "/bin"}
    config = load(text, variables, {"fail_on": "low"})
    assert (config.fail_on, config.organisation, config.history.previous) == ("low", "environment", "file")


def test_every_kind_of_value_can_be_set_from_outside(load):
    variables = {
        "KEYMUSTER_PROVIDERS__AWS__REGIONS": "us-east-1, eu-central-1",
        "KEYMUSTER_PROVIDERS__AWS__ACCOUNTS": "[{id: 012345678901, regions: all}]",
        "KEYMUSTER_PROVIDERS__AWS__ENDPOINT_URL": "http://127.0.0.1:4566",
        "KEYMUSTER_PROVIDERS__AWS__DISCOVER": "true",
        "KEYMUSTER_PROVIDERS__AWS__READ_TIMEOUT_SECONDS": "2.5",
        "KEYMUSTER_OUTPUTS__FORMATS": "",
        "KEYMUSTER_LISTS__TRUSTED": "1,2",
        "KEYMUSTER_ORGANISATION": "true",
        "KEYMUSTER_WAIVERS": "001",
    }
    config = load("providers: {aws: }", variables, {"providers.aws.rate_limits.kms:ListKeys": "5"})
    aws = config.providers.aws
    assert aws.regions == ("us-east-1", "eu-central-1")
    assert [(account.id, account.regions) for account in aws.accounts] == [("012345678901", "all")]
    assert (aws.endpoint_url, aws.discover, aws.read_timeout_seconds) == ("http://127.0.0.1:4566", True, 2.5)
    assert (config.outputs.formats, config.lists) == ((), {"trusted": ("1", "2")})
    assert (config.organisation, config.waivers, aws.rate_limits) == ("true", "001", {"kms:ListKeys": 5.0})


def test_regions_from_outside_may_be_all(load):
    assert load(SMALLEST, {"KEYMUSTER_PROVIDERS__AWS__REGIONS": "all"}).providers.aws.regions == "all"


@pytest.mark.parametrize(
    ("name", "value", "fault"),
    [
        ("FOO", "1", "KEYMUSTER_FOO: unknown key 'foo'; expected one of organisation, providers, policies"),
        ("FAIL_OM", "low", "KEYMUSTER_FAIL_OM: unknown key 'fail_om'; did you mean 'fail_on'?"),
        (
            "PROVIDERS__AWS__REGION",
            "x",
            "KEYMUSTER_PROVIDERS__AWS__REGION: unknown key 'region'; did you mean 'regions'?",
        ),
        ("PROVIDERS__AWS_REGIONS", "x", "KEYMUSTER_PROVIDERS__AWS_REGIONS: unknown key 'aws_regions'; "),
        ("FAIL_ON__X", "1", "KEYMUSTER_FAIL_ON__X: there is no key 'x' here; expected one of critical, high"),
        ("LISTS__", "1", "KEYMUSTER_LISTS__: there is no key '' here; expected a mapping of names to lists"),
        ("PROVIDERS__AWS__ACCOUNTS__0", "x", "KEYMUSTER_PROVIDERS__AWS__ACCOUNTS__0: there is no key '0' here"),
        ("", "1", "KEYMUSTER_: unknown key ''; expected one of organisation"),
        (
            "FAIL_ON",
            "lwo",
            "KEYMUSTER_FAIL_ON: fail_on: expected one of critical, high, medium, low, got 'lwo'; did you",
        ),
        ("FAIL_ON", "", "KEYMUSTER_FAIL_ON: fail_on: expected one of critical, high, medium, low, got nothing"),
        ("OUTPUTS", "x", "KEYMUSTER_OUTPUTS: outputs: expected a mapping with the keys folder, formats"),
        ("OUTPUTS", "{folder: [}", "KEYMUSTER_OUTPUTS: not valid YAML: "),
        ("OUTPUTS", "{foldr: x}", "KEYMUSTER_OUTPUTS: outputs: unknown key 'foldr'; did you mean 'folder'?"),
        (
            "PROVIDERS__AWS__REGIONS",
            "us-east-1,,x",
            "KEYMUSTER_PROVIDERS__AWS__REGIONS: providers.aws.regions[1]: expected a",
        ),
        (
            "PROVIDERS__AZURE__LOG_WORKSPACE",
            "550e8400-e29b-41d4-a716-446655440000",
            "KEYMUSTER_PROVIDERS__AZURE__LOG_WORKSPACE: providers.azure.log_workspace: expected the resource id of a",
        ),
        ("ORGANISATION", "a\x1bb", "KEYMUSTER_ORGANISATION: the character U+001B is not allowed"),
        ("ORGANISATION", "\udcff", "KEYMUSTER_ORGANISATION: the character U+DCFF is not allowed"),
    ],
)
def test_a_fault_in_the_environment_names_the_variable(faults, name, value, fault):
    assert faults(SMALLEST, {f"KEYMUSTER_{name}": value})[0].startswith(f"environment: {fault}")


def test_a_fault_on_the_command_line_names_the_key(faults):
    assert faults(SMALLEST, None, {"fail_om": "low"}) == [
        "command line: fail_om: unknown key 'fail_om'; did you mean 'fail_on'?"
    ]


def test_what_is_no_mapping_in_the_file_stays_a_fault_below_an_override(faults):
    assert faults("providers: {aws: [x]}", {"KEYMUSTER_PROVIDERS__AWS__REGIONS": "all"})[0].startswith(
        "k.yaml:1:18: providers.aws: expected a mapping with the keys regions"
    )


def test_faults_of_file_environment_and_command_line_are_told_together_in_this_order(faults):
    found = faults("fail_on: hgih\nproviders: {aws: {}}\nwaiver: x\n", {"KEYMUSTER_X": "1"}, {"y": "1"})
    assert [fault.split(": ")[0] for fault in found] == ["k.yaml:1:10", "k.yaml:3:1", "command line", "environment"]


@pytest.mark.parametrize(
    ("aws", "fault"),
    [
        ("{regions: [us-east-1, us-east-1]}", "1:40: region us-east-1 is given twice"),
        ("{accounts: [{id: 111122223333, regions: [us-east-1, us-east-1]}]}", "1:70: region us-east-1 is given twice"),
        ("{accounts: [{id: 111122223333}, {id: 111122223333}]}", "1:55: account 111122223333 is given twice"),
        (
            f"{{exclude: [{EXCLUDED}, {EXCLUDED}]}}",
            "1:88: excluded account 111122223333 is given twice",
        ),
        (
            f"{{accounts: [{{id: 111122223333}}], exclude: [{EXCLUDED}]}}",
            "1:71: account 111122223333 is excluded and listed in `accounts`",
        ),
        (
            "{discover: true, assume_role: 'arn:aws:iam::111122223333:role/k'}",
            "1:48: assume_role: expected {account} in the ARN, since several accounts are scanned",
        ),
        (
            "{assume_role: 'arn:aws:iam::111122223333:role/k', accounts: [{id: 111122223333}, {id: 444455556666}]}",
            "1:32: assume_role: expected {account} in the ARN, since several accounts are scanned",
        ),
    ],
)
def test_keys_that_contradict_each_other_are_refused(faults, aws, fault):
    assert faults(f"providers: {{aws: {aws}}}") == [f"k.yaml:{fault}"]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("outputs: {formats: [pdf, pdf]}", "2:26: format pdf is given twice"),
        ("policies: {packs: [a, a]}", "2:23: pack a is given twice"),
        ("tags: {owner: {keys: [owner, Owner]}}", "2:30: tag key owner is given twice"),
        ("lists: {x: [a, b, a]}", "2:19: value a is given twice"),
    ],
)
def test_a_list_holds_every_value_once(faults, text, fault):
    assert faults(f"{SMALLEST}\n{text}\n") == [f"k.yaml:{fault}"]


@pytest.mark.parametrize("text", ["providers: {}", "providers: {aws: }"])
def test_at_least_one_platform_is_needed(faults, text):
    assert faults(text) == ["k.yaml:1:12: providers: expected at least one platform, e.g. `aws: {}`"]


def test_a_flood_of_faults_is_cut_short(faults):
    found = faults("\n".join([SMALLEST, *(f"k{number}: 1" for number in range(40_000))]))
    assert len(found) == 101
    assert found[-1] == "k.yaml:101:1: … and 39,900 more faults"


def test_rules_that_are_all_switched_off_are_refused(faults):
    assert faults(f"{SMALLEST}\npolicies: {{shipped: false}}\n") == [
        "k.yaml:2:21: policies: expected `packs`, since the shipped rules are switched off; nothing would be judged"
    ]


def test_one_account_may_have_a_plain_role(load):
    role = "arn:aws:iam::111122223333:role/k"
    text = f"providers: {{aws: {{assume_role: '{role}', accounts: [{{id: 111122223333, regions: all}}]}}}}"
    assert load(text).providers.aws.assume_role == role


@pytest.mark.parametrize(
    "address", ["ftp://x", "http://", "x", "http://u:p@x", "https://x/?a=b", "https://x#y", "http://a b"]
)
def test_an_endpoint_is_a_plain_web_address(faults, address):
    (fault,) = faults(f"providers: {{aws: {{endpoint_url: '{address}'}}}}")
    assert "endpoint_url: expected an http:// or https:// address" in fault


def test_without_any_file_the_smallest_one_is_shown(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ConfigError, match=r"there is no keymuster\.yaml in this folder") as caught:
        load_config(None, environment={}, overrides={})
    assert SMALLEST in caught.value.hint


def test_the_file_of_the_working_folder_is_taken(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "keymuster.yaml").write_text(SMALLEST + "\nfail_on: low\n")
    assert load_config(None, environment={}, overrides={}).fail_on == "low"


def test_a_file_that_is_not_there_or_not_text_is_named(tmp_path):
    with pytest.raises(ConfigError, match=r"absent\.yaml: cannot be read: No such file"):
        load_config(tmp_path / "absent.yaml", environment={}, overrides={})
    (tmp_path / "binary.yaml").write_bytes(b"a: \xff")
    with pytest.raises(ConfigError, match=r"binary\.yaml: is not UTF-8 text \(byte 3\)"):
        load_config(tmp_path / "binary.yaml", environment={}, overrides={})


def test_settings_carry_what_judging_needs(load):
    text = f"{SMALLEST}\nfail_on: low\norganisation: Bank\npolicies: {{baseline: strict}}\nlists: {{a: [x]}}\n"
    chosen = settings(load(text + "tags: {owner: {keys: [team], allowed: [red]}}\n"))
    assert (chosen.fail_on, chosen.organisation, chosen.baseline) == (Severity.LOW, "Bank", "strict")
    assert (chosen.tags.owner.keys, chosen.tags.owner.allowed, chosen.lists) == (("team",), ("red",), {"a": ("x",)})


def test_the_environment_is_read_as_it_is(monkeypatch):
    monkeypatch.setenv("KEYMUSTER_FAIL_ON", "low")
    assert environment.read()["KEYMUSTER_FAIL_ON"] == "low"
