"""Every format for people says account, project or subscription as the provider does, and never one for the other."""

import msgspec

import reports
from scanner.model.finding import SubjectKind
from scanner.model.key import Provider
from scanner.model.report import PopulationRow
from scanner.model.scope import Listing
from scanner.model.snapshot import Identity, Organisation
from scanner.model.unknown import Cause, Unknown
from scanner.outputs import markdown
from scanner.outputs.limitations import limitations
from scanner.outputs.provider_words import belongs_to, listed
from scanner.outputs.sentences import unread_calls, unread_sentence
from scanner.outputs.view_cover import scope

DENIED = Unknown(cause=Cause.DENIED, call="the.call")


def population(*places):
    """A report with scopes scanned at provider, account and region."""
    base = reports.report()
    row = next(row for row in base.population.rows if isinstance(row.scope.keys, Listing))
    rows = [
        msgspec.structs.replace(
            row, scope=msgspec.structs.replace(row.scope, provider=provider, account=account, region=region)
        )
        for provider, account, region in places
    ]
    assert all(isinstance(row, PopulationRow) for row in rows)
    return msgspec.structs.replace(
        base,
        providers=tuple(dict.fromkeys(provider for provider, _, _ in places)),
        population=msgspec.structs.replace(base.population, rows=tuple(rows)),
    )


def test_the_cover_counts_each_clouds_own_things():
    report = population(
        (Provider.AWS, "1", "eu-central-1"),
        (Provider.AWS, "2", "eu-central-1"),
        (Provider.GCP, "bank", "global"),
        (Provider.AZURE, "sub", "global"),
        (Provider.AZURE, "sub", "westeurope"),
    )
    begin = "2 accounts of AWS, 1 project of Google Cloud and 1 subscription of Azure, 5 regions in all; "
    assert scope(report).startswith(begin)
    assert scope(population((Provider.GCP, "bank", "global"))).startswith(
        "1 project of Google Cloud, 1 region in all; "
    )


def test_what_a_report_cannot_say_names_each_clouds_own_things():
    base = reports.report()
    header = msgspec.structs.replace(
        base.header,
        identities=tuple(Identity(provider=one, account=f"of-{one}", caller=DENIED) for one in Provider),
        organisations=tuple(Organisation(provider=one, accounts=DENIED) for one in Provider),
        regions_outside={"of-gcp": ("asia-east1",), "of-azure": DENIED},
    )
    said = "\n".join(limitations(msgspec.structs.replace(base, header=header)))
    for text in (
        "Who asked in account of-aws",
        "Who asked in project of-gcp",
        "Who asked in subscription of-azure",
        "The list of all projects of Google Cloud could not be read (the.call: denied): projects that nobody",
        "The list of all subscriptions of Azure could not be read (the.call: denied): subscriptions that nobody",
        "Enabled regions of project of-gcp left out by configuration: asia-east1.",
        "The enabled regions of subscription of-azure could not be listed",
    ):
        assert text in said


def test_unread_calls_of_regions_are_told_by_the_providers_word():
    group = reports.report().unread[0]
    groups = [
        msgspec.structs.replace(
            group, subject=msgspec.structs.replace(group.subject, kind=SubjectKind.ACCOUNT_REGION, provider=provider)
        )
        for provider in Provider
    ]
    said = [unread_sentence(unread) for unread in unread_calls(groups)]
    assert sorted(text.split(" in ")[1].split(" (")[0] for text in said) == [
        "1 account-region",
        "1 project-region",
        "1 subscription-region",
    ]


def test_the_table_of_findings_is_headed_by_what_keys_belong_to():
    report = msgspec.structs.replace(reports.report(), providers=(Provider.GCP, Provider.AZURE))
    assert "| Subject | Project or subscription | Observed |" in markdown.render(report, None).decode()
    assert belongs_to(Provider) == "account, project or subscription"


def test_words_in_a_sentence():
    assert [listed(words, "and") for words in (["a"], ["a", "b"], ["a", "b", "c"])] == ["a", "a and b", "a, b and c"]
