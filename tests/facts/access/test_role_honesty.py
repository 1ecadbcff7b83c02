"""What was not read of roles may open an answer and never turn it: the law of access on Google Cloud and Azure."""

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

import role_worlds as worlds
from records import AS_OF
from scanner.facts.access.cel import holds
from scanner.facts.coverage.view import look
from scanner.facts.derive import derive_key
from scanner.facts.neighbours import Neighbours
from scanner.model.container import AccessMode, NetworkRules, Recovery
from scanner.model.finding import SubjectKind, Verdict
from scanner.model.permission import AccessLevels, Bindings, GroupMembers, PermissionBlock, RoleBinding
from scanner.model.settings import TagVocabulary
from scanner.model.unknown import Cause, Unknown
from scanner.rules.evaluate import judge
from scanner.rules.load import load_rules
from scanner.rules.shipped import shipped_policies

holds("true", {}, failed=True)
"""The first condition sets the recursion limit, which Hypothesis watches."""

RULES = [
    rule
    for rule in load_rules([shipped_policies()], baseline="default", lists={}).rules
    if rule.id.startswith("KEY-ACC-") and rule.subject is SubjectKind.KEY
]
UNREAD = Unknown(cause=Cause.DENIED, call="x")
LESS = {("always", "conditional")}
"""What is certain of a class while its strongest action is open."""
VOCABULARY = TagVocabulary()

ANN, BOB, APP, TEAM = (
    "user:ann@bank.example",
    "user:bob@gmail.com",
    "serviceAccount:app@bank.iam.gserviceaccount.com",
    "group:keys@bank.example",
)
GOOGLE_ROLES = (
    *("roles/owner", "roles/editor", "roles/cloudkms.admin", "roles/cloudkms.cryptoKeyDecrypter"),
    *("roles/resourcemanager.projectIamAdmin", "roles/iam.serviceAccountTokenCreator", "roles/browser"),
    "projects/bank/roles/own",
)
OWN = worlds.role("projects/bank/roles/own", "cloudkms.cryptoKeyVersions.useToDecrypt", "iam.roles.update")
CONDITIONS = (None, None, 'request.time < timestamp("2099-01-01T00:00:00Z")', f'resource.name == "{worlds.KEY}"')

A, B, C, D = (f"{digit * 8}-0000-4000-8000-000000000000" for digit in "abcd")
KINDS = {A: "User", B: "User", C: "ServicePrincipal", D: "Group"}
AZURE_ROLES = (
    "12338af0-0e69-4776-bea7-57ae8d297424",
    "14b46e9e-c2b7-41b4-b07b-48a6ebf60603",
    "8e3af657-a8ff-443c-a75c-2fe8c4bcb635",
    "b24988ac-6180-42a0-ab88-20f7382dd24c",
)
SCOPES = ("/", worlds.SUBSCRIPTION, worlds.VAULT, f"{worlds.VAULT}/keys/k")


def google_bindings():
    one = st.builds(
        RoleBinding,
        role=st.sampled_from(GOOGLE_ROLES),
        members=st.lists(st.sampled_from((ANN, BOB, APP, TEAM, "allUsers")), min_size=1, max_size=2, unique=True).map(
            tuple
        ),
        condition=st.sampled_from(CONDITIONS),
    )
    return st.lists(one, max_size=2).map(lambda items: Bindings(items=tuple(items)))


@st.composite
def google_shards(draw):
    levels = []
    for name in ("folders/2", "projects/bank"):
        denials = (worlds.deny("cloudkms.googleapis.com/*.*", excepted=(ANN,)),) if draw(st.booleans()) else ()
        levels.append(worlds.level(name, bindings=draw(google_bindings()), denials=denials))
    members = draw(st.sampled_from(({}, {TEAM: (ANN,)}, {TEAM: (BOB, APP)})))
    return worlds.google(
        *levels,
        own=worlds.google_key(policy=draw(google_bindings())),
        within=worlds.ring(policy=draw(google_bindings())),
        roles=(OWN,),
        groups=GroupMembers(items=members),
    )


@st.composite
def azure_shards(draw):
    levels = []
    for scope in SCOPES:
        given_there = draw(
            st.lists(st.tuples(st.sampled_from(AZURE_ROLES), st.sampled_from(sorted(KINDS))), max_size=2)
        )
        block = PermissionBlock(data_actions=("*",))
        whom = draw(st.sampled_from((((A, D), ()), (None, (B,)), (None, ()))))
        denial = worlds.deny(members=whom[0], excepted=whom[1]) if draw(st.booleans()) else None
        denials = (replace(denial, blocks=(block,)),) if denial and scope == worlds.VAULT else ()
        levels.append(worlds.assigned(scope, *((role, who, KINDS[who]) for role, who in given_there), denials=denials))
    listed = draw(st.lists(st.sampled_from(sorted(KINDS)), max_size=2, unique=True))
    grants = tuple((who, draw(st.sampled_from((("decrypt",), ("all",), ("purge", "get"))))) for who in listed)
    mode = draw(st.sampled_from((AccessMode.ROLES, AccessMode.ACCESS_POLICIES)))
    within = worlds.vault(*(grants if mode is AccessMode.ACCESS_POLICIES else ()), mode=mode)
    public = draw(st.booleans())
    within = replace(
        within,
        network=NetworkRules(
            public=public, default_allows=public, trusted_services=False, addresses=(), subnets=(), private_endpoints=()
        ),
        recovery=Recovery(soft_delete=True, retention_days=90, purge_protection=draw(st.booleans())),
    )
    members = draw(st.sampled_from(({}, {D: (A,)}, {D: (B, C)})))
    return worlds.azure(*levels, within=within, groups=GroupMembers(items=members))


def blinded(draw, one):
    """The shard with one thing unread: a level's part, all levels, roles, groups, what stands on container or key."""
    ways = [
        *(_at_level(one, number, group) for number in range(len(one.access.levels.items)) for group in GROUPS),
        replace(one, access=replace(one.access, levels=UNREAD)),
        replace(one, access=replace(one.access, groups=worlds.NO_GROUPS)),
        replace(one, containers=()),
    ]
    if one.keys[0].provider == "gcp":
        ways.append(replace(one, access=replace(one.access, roles=UNREAD)))
        ways.append(replace(one, keys=(replace(one.keys[0], policy=UNREAD),)))
    fields = ("access", "network", "recovery") if one.keys[0].provider == "azure" else ("policy",)
    ways += [replace(one, containers=(replace(one.containers[0], **{name: UNREAD}),)) for name in fields]
    return draw(st.sampled_from(ways))


GROUPS = ("bindings", "denials")


def _at_level(one, number, group):
    """Azure lists roles once for all levels: what could not be listed is unread at each of them."""
    items = list(one.access.levels.items)
    everywhere = one.access.provider == "azure"
    items = [replace(item, **{group: UNREAD}) if everywhere or at == number else item for at, item in enumerate(items)]
    return replace(one, access=replace(one.access, levels=AccessLevels(items=tuple(items))))


def verdicts(one):
    key = one.keys[0]
    facts = derive_key(key, as_of=AS_OF, vocabulary=VOCABULARY, view=look(one, Neighbours(primaries={}, buckets={})))
    return {rule.id: judge(rule, facts) for rule in RULES}


def check(whole, blind):
    before, after = verdicts(whole), verdicts(blind)
    assert {rule for rule in before if after[rule] not in {before[rule], Verdict.UNKNOWN}} == set()
    was, now = worlds.states(whole), worlds.states(blind)
    for who, cells in was.items():
        if who not in now:
            continue
        for kind, state in cells.items():
            turned = now[who].get(kind, "none")
            assert turned in {state, "unknown"} or (state, turned) in LESS, (who, kind, state, turned)
        assert {now[who][kind] for kind in now[who].keys() - cells.keys()} <= {"unknown"}, who


@settings(max_examples=150)
@given(google_shards(), st.data())
def test_what_was_not_read_of_google_opens_verdicts_and_never_turns_them(whole, data):
    check(whole, blinded(data.draw, whole))


@settings(max_examples=150)
@given(azure_shards(), st.data())
def test_what_was_not_read_of_azure_opens_verdicts_and_never_turns_them(whole, data):
    check(whole, blinded(data.draw, whole))
