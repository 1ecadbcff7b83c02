"""One command over three clouds: what is refused in one place, or one cloud whole, hides nothing else."""

import json
import subprocess
import sys
from contextlib import ExitStack
from datetime import timedelta

import pytest

from azure_worlds import PAYMENTS, ROTATING, configuration
from commands import ROOT, keymuster
from scanner.simulator.aws.server import serve as serve_aws
from scanner.simulator.azure.faults import Effect as AzureEffect
from scanner.simulator.azure.faults import Fault as AzureFault
from scanner.simulator.azure.server import serve as serve_azure
from scanner.simulator.azure.world import World as AzureWorld
from scanner.simulator.gcp.faults import Effect, Fault
from scanner.simulator.gcp.server import serve as serve_google
from scanner.simulator.gcp.world import World, binding, policy
from worlds import ACCOUNT, HOME, OTHER, document, good_world, now, unknowns

LABELS = {"owner": "payments", "purpose": "cards", "data-class": "restricted", "environment": "prod"}
GIVEN = {"cloudkms.cryptoKeys.getIamPolicy", "cloudkms.keyRings.getIamPolicy", "resourcemanager.projects.getIamPolicy"}
AZURE_KEYS = "Microsoft.KeyVault/vaults/keys/read"


def google():
    """Three projects of an organisation, with a key each."""
    world = World(now())
    world.node("organizations/1", title="bank.example")
    for project in ("fine", "given", "quiet"):
        own = policy(binding("roles/viewer", "user:a@bank.example"))
        world.node(f"bank-{project}", "organizations/1").policy = own
        ring = world.ring(f"bank-{project}", "europe-west3", f"ring-{project}")
        key = world.key(ring, project, age_days=100, period=timedelta(days=90), labels=LABELS, protection="HSM")
        key.policy = policy(binding("roles/cloudkms.cryptoKeyDecrypter", "user:b@bank.example"))
    return world


def azure():
    """A subscription with two vaults, with a key each."""
    world = AzureWorld(now())
    world.add_subscription(PAYMENTS, "payments")
    for name in ("open", "shut"):
        world.add_vault(f"kv-{name}", subscription=PAYMENTS, purge_protection=True)
        traits = {"policy": ROTATING, "tags": LABELS, "kty": "RSA-HSM", "age_days": 300, "rotated_days_ago": (20,)}
        world.add_key(f"kv-{name}", name, **traits)
    return world


class Clouds:
    """The three of them, and what a user needs to read them."""

    def __init__(self):
        self.aws, self.google, self.azure = good_world(), google(), azure()
        self.left_out = {}

    def without(self, provider):
        """Takes away what one is signed in to a cloud with."""
        self.left_out = {
            "aws": {"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""},
            "gcp": {"GOOGLE_APPLICATION_CREDENTIALS": "/nowhere.json"},
            "azure": {"AZURE_CLIENT_SECRET": ""},
        }[provider]

    def scan(self, folder):
        with ExitStack() as stack:
            enter = stack.enter_context
            amazon, cloud = enter(serve_aws(self.aws)), enter(serve_google(self.google))
            microsoft = enter(serve_azure(self.azure))
            own = {"endpoint_url": None if "GOOGLE_APPLICATION_CREDENTIALS" in self.left_out else cloud.url}
            unhurried = {"rate_limiter": False, "max_attempts": 1}
            providers = {
                "aws": {"regions": [HOME, OTHER], **unhurried},
                "gcp": {"discover": ["organizations/1"], **own, **unhurried},
                "azure": configuration(microsoft),
            }
            config = {"providers": providers, "fail_on": "critical", "outputs": {"formats": ["csv", "markdown"]}}
            (folder / "keymuster.yaml").write_text(json.dumps(config))
            access, secret = self.aws.credentials(ACCOUNT)
            environment = {
                "HOME": str(folder),
                "AWS_ENDPOINT_URL": amazon.url,
                "AWS_ACCESS_KEY_ID": access,
                "AWS_SECRET_ACCESS_KEY": secret,
                "AWS_EC2_METADATA_DISABLED": "true",
                **self.azure.credentials(),
                **self.left_out,
            }
            return keymuster(
                "scan", "-c", "keymuster.yaml", "--out", "pack", environment=environment, folder=folder
            ), folder / "pack"


def python(code, folder):
    """Runs Python in a process of its own."""
    command = [sys.executable, "-c", code]
    environment = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT)}
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder, env=environment)


@pytest.fixture(scope="module")
def refused(tmp_path_factory):
    """A run in which a vault's data plane and a project's policies are denied and one interface is switched off."""
    clouds = Clouds()
    clouds.azure.faults.append(AzureFault(effect=AzureEffect.FIREWALL, path="^/vaults/kv-shut/"))
    clouds.google.faults += [
        Fault(effect=Effect.DENY, method="GetIamPolicy", resource="bank-given"),
        Fault(effect=Effect.DISABLED, method="ListAssets", resource="bank-quiet"),
    ]
    return clouds.scan(tmp_path_factory.mktemp("refused"))


def test_what_is_refused_is_unknown_exactly_there_with_the_permission(refused):
    _, pack = refused
    found = {}
    for name, call in unknowns(pack):
        found.setdefault(name, set()).add(call)
    assert found.keys() == {"given", "ring-given", "shut", "payments westeurope"}
    assert found["given"] | found["ring-given"] == GIVEN
    assert found["shut"] == found["payments westeurope"] == {AZURE_KEYS}


def test_the_report_says_what_could_not_be_read_where_and_why(refused):
    done, pack = refused
    said = (pack / "summary.md").read_text()
    for text in (
        f"Could not read {AZURE_KEYS} on 1 key (denied)",
        "Could not read cloudkms.cryptoKeys.getIamPolicy on 1 key (denied)",
        "Could not read cloudkms.keyRings.getIamPolicy in 1 key container (denied)",
        "Could not read cloudasset.assets.listResource in 1 scope (unsupported)",
    ):
        assert text in done.stdout
        assert text.removeprefix("Could not read ").split(" ", 1)[0] in said
    assert f"The keys of azure:{PAYMENTS}:westeurope could not be listed to the end" in said.replace("&#58;", ":")


def test_whatever_is_hidden_only_rules_with_a_fix_for_that_cloud_speak(tmp_path):
    clouds = Clouds()
    for key in clouds.google.estate.keys.values():
        clouds.google.disable(key, key.primary)
    methods = ("ListCryptoKeyVersions", "GetIamPolicy", "ListLogEntries", "ListAssets")
    clouds.google.faults += [Fault(effect=Effect.DENY, method=method) for method in methods]
    paths = ("/keys/", "/deletedkeys", "roleAssignments", "ResourceGraph", "diagnosticSettings")
    clouds.azure.faults += [AzureFault(effect=AzureEffect.DENY, path=path) for path in paths]
    _, pack = clouds.scan(tmp_path)
    found = document(pack, "findings.json")["findings"]
    assert {finding["subject"]["provider"] for finding in found if finding["verdict"] == "unknown"} == {"gcp", "azure"}
    assert [finding["rule"] for finding in found if not finding["remediation"]] == []


@pytest.mark.parametrize(
    ("provider", "words"),
    [
        ("aws", "AWS: no usable credentials were found"),
        ("gcp", "no usable application default credentials"),
        ("azure", "Azure: no usable credentials were found"),
    ],
)
def test_one_cloud_without_credentials_leaves_the_run_incomplete_and_the_others_whole(tmp_path, provider, words):
    clouds = Clouds()
    clouds.without(provider)
    done, pack = clouds.scan(tmp_path)
    scopes = document(pack, "collection.json")["scopes"]
    lost = [scope for scope in scopes if scope["status"] == "unreachable"]
    assert [scope["provider"] for scope in lost] == [provider]
    assert words in lost[0]["reason"]
    read = {scope["provider"] for scope in scopes if scope["status"] == "scanned"}
    assert read == {"aws", "gcp", "azure"} - {provider}
    assert {name for name, _ in unknowns(pack)} == {"no_access"}
    assert done.returncode == 4


@pytest.mark.parametrize("arguments", [("--help",), ("scan", "--help"), ("config", "check", "-c", "keymuster.yaml")])
def test_neither_help_nor_a_check_loads_an_sdk(tmp_path, arguments):
    (tmp_path / "keymuster.yaml").write_text("providers: {aws: {}, gcp: {}, azure: {}}\n")
    code = (
        "import sys, contextlib\n"
        "from scanner.cli.main import run\n"
        f"with contextlib.suppress(SystemExit): run({list(arguments)})\n"
        "print('loaded:', *{name.partition('.')[0] for name in sys.modules}, file=sys.stderr)"
    )
    done = python(code, tmp_path)
    assert done.returncode == 0, done.stderr
    loaded = done.stderr.splitlines()[-1].split()
    assert loaded[0] == "loaded:"
    assert not {"boto3", "botocore", "google", "grpc", "azure", "msal"} & {*loaded}


def test_google_cloud_is_read_where_no_other_sdk_is_installed(tmp_path):
    with serve_google(google()) as endpoint:
        settings = f"{{discover: [organizations/1], endpoint_url: '{endpoint.url}', rate_limiter: false}}"
        (tmp_path / "keymuster.yaml").write_text(f"providers: {{gcp: {settings}}}\nfail_on: critical\n")
        missing = ("boto3", "botocore", "azure", "msal")
        code = (
            f"import sys; sys.modules.update(dict.fromkeys({missing!r}))\n"
            "from scanner.cli.main import run\n"
            "sys.exit(run(['scan', '--out', 'pack']))"
        )
        done = python(code, tmp_path)
    assert done.returncode == 0, done.stderr
    assert len(document(tmp_path / "pack", "collection.json")["scopes"]) == 3
