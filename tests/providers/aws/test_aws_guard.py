"""Read-only by construction: every operation outside the table raises before a socket opens."""

import botocore.session
import pytest
from botocore import xform_name
from botocore.config import Config

from scanner.providers.aws.guard import ForbiddenOperationError, guard
from scanner.providers.aws.operations import OPERATIONS, SIGN_IN

pytestmark = pytest.mark.usefixtures("socket_disabled")

ALLOWED = set(OPERATIONS) | SIGN_IN
NAMED = [
    ("secretsmanager", "GetSecretValue"),
    ("ssm", "GetParameter"),
    ("s3", "GetObject"),
    ("kms", "Decrypt"),
    ("kms", "ScheduleKeyDeletion"),
    ("kms", "GetParametersForImport"),
    ("kms", "ListResourceTags"),
    ("s3", "HeadBucket"),
    ("s3", "CreateSession"),
    ("sts", "GetSessionToken"),
]


@pytest.fixture
def session(monkeypatch):
    """A guarded session in a process that cannot open a socket."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "x")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "y")
    made = botocore.session.Session()
    guard(made.get_component("event_emitter"))
    return made


def client_of(session, service):
    config = Config(retries={"total_max_attempts": 1}, parameter_validation=False)
    nowhere = "http://127.0.0.1:9"
    return session.create_client(service, region_name="us-east-1", endpoint_url=nowhere, config=config)


def allowed_operations(session, service):
    """The operations that get past the guard, called by the way that every method of a client takes.

    (Methods themselves would not do: the SDK makes none for calls that stream both ways.)
    """
    client = client_of(session, service)
    model = session.get_service_model(service)
    passed = set()
    for operation in model.operation_names:
        try:
            client._make_api_call(operation, {})
        except ForbiddenOperationError:
            continue
        except Exception:  # noqa: BLE001 (whatever else it raises, the guard let it pass)
            passed.add((service, operation))
        else:
            passed.add((service, operation))
    client.close()
    return passed


@pytest.mark.parametrize(("service", "operation"), NAMED)
def test_what_reads_secrets_or_changes_keys_is_refused(session, service, operation):
    client = client_of(session, service)

    with pytest.raises(ForbiddenOperationError, match=f"{service}:{operation} is not in the scanner's allow-list"):
        getattr(client, xform_name(operation))()


@pytest.mark.parametrize("service", sorted({service for service, _ in ALLOWED if service not in {"ec2", "signin"}}))
def test_a_service_in_the_table_answers_to_its_listed_operations_alone(session, service):
    assert allowed_operations(session, service) == {name for name in ALLOWED if name[0] == service}


@pytest.mark.slow
def test_no_other_operation_of_any_service_gets_past_the_guard(session):
    passed = set()
    for service in session.get_available_services():
        passed |= allowed_operations(session, service)

    assert passed == ALLOWED


def test_credential_providers_obey_too(session, monkeypatch, tmp_path):
    """A client that the SDK makes by itself, from the session, carries the guard."""
    text = "[profile p]\nrole_arn = arn:aws:iam::111122223333:role/x\nsource_profile = s\n"
    keys = "[profile s]\naws_access_key_id = a\naws_secret_access_key = b\n"
    (tmp_path / "config").write_text(text + keys)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    session.set_config_variable("profile", "p")
    seen = []
    session.get_component("event_emitter").register("before-call", lambda model, **_: seen.append(model.name))

    with pytest.raises(Exception, match=r".*"):
        session.get_credentials().get_frozen_credentials()

    assert seen == ["AssumeRole"]
    assert ("sts", "AssumeRole") in ALLOWED


def test_every_action_only_reads():
    verbs = ("Get", "List", "Describe", "Lookup", "Select", "BatchGet")

    others = {operation.action for operation in OPERATIONS.values() if not operation.name.startswith(verbs)}

    assert others == {"sts:AssumeRole"}
