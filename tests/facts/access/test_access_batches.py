"""Callers and keys that cannot be told apart are worked out once: never with another answer."""

from hypothesis import given, settings
from hypothesis import strategies as st

from access_worlds import FULL, HOME, OTHER, arn, delegation, grant, identities, key, managed, role, tree, user
from scanner.facts.access.cells import standing
from scanner.facts.access.matrix import Matrices, stepping
from scanner.facts.access.parties import Told
from scanner.facts.access.steps import Steps

KEYS = tuple(f"arn:aws:kms:eu-west-1:{HOME}:key/{name}" for name in ("k1", "k2", "k3"))
NAMES = ("a", "b", "c")
CONDITIONS = (
    {"ArnLike": {"aws:PrincipalArn": [arn("role", "a"), arn("user", "*")]}},
    {"ArnNotLike": {"aws:PrincipalArn": arn("role", "b")}},
    {"StringEquals": {"aws:PrincipalTag/team": "x"}},
    {"StringEquals": {"aws:PrincipalTag/team": "${aws:ResourceTag/team}"}},
    {"StringEquals": {"aws:ResourceTag/team": "${aws:PrincipalTag/team}"}},
    {"StringEquals": {"aws:username": "a"}},
    {"StringLike": {"aws:userid": "AIDA?"}},
    {"StringEquals": {"aws:PrincipalOrgID": "o-example001"}},
    {"ForAnyValue:StringEquals": {"kms:ResourceAliases": "alias/x"}},
    {"StringEquals": {"aws:SourceVpce": "vpce-1"}},
    {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}},
)
ACTIONS = (
    "kms:*",
    "kms:Decrypt",
    ["kms:Describe*", "kms:CreateGrant"],
    "kms:PutKeyPolicy",
    "iam:*",
    "sts:AssumeRole",
    "*",
)
RESOURCES = ("*", KEYS[0], [KEYS[1], "arn:aws:kms:*:*:key/k3"], "arn:aws:kms:*:*:key/${aws:PrincipalTag/team}")
WHOM = (
    *("*", {"AWS": HOME}, {"AWS": OTHER}, {"Service": "sns.amazonaws.com"}),
    *({"AWS": arn(kind, name)} for kind in ("role", "user") for name in NAMES),
    {"AWS": [arn("role", "a", OTHER), f"arn:aws:sts::{HOME}:assumed-role/a/run"]},
)


@st.composite
def statements(draw, *, of_key=False, effects=("Allow", "Allow", "Deny")):
    made = {"Effect": draw(st.sampled_from(effects)), "Action": draw(st.sampled_from(ACTIONS))}
    made["Resource"] = "*" if of_key else draw(st.sampled_from(RESOURCES))
    if of_key:
        made["Principal"] = draw(st.sampled_from(WHOM))
    if draw(st.booleans()):
        made["Condition"] = draw(st.sampled_from(CONDITIONS))
    return made


own = st.lists(statements(), max_size=2)
boundaries = st.sampled_from((None, None, arn("policy", "b")))


@st.composite
def accounts(draw, number):
    users = [
        user(
            name, *draw(own), account=number, boundary=draw(boundaries), tags=draw(st.sampled_from(({}, {"Team": "x"})))
        )
        for name in NAMES
    ]
    trust = st.lists(st.sampled_from(WHOM[1:]), max_size=1)
    roles = [
        role(
            name,
            *draw(own),
            account=number,
            boundary=draw(boundaries),
            trust=[{"Effect": "Allow", "Principal": whom, "Action": "sts:AssumeRole"} for whom in draw(trust)],
        )
        for name in NAMES
    ]
    return identities(*users, *roles, managed("b", *draw(own), FULL), account=number)


@st.composite
def keys(draw, name):
    written = draw(st.lists(statements(of_key=True), max_size=2))
    whom = st.sampled_from((arn("role", "a"), arn("role", "b"), f"arn:aws:iam::{HOME}:root"))
    grants = [grant("g1", draw(whom), "Decrypt", "CreateGrant")] if draw(st.booleans()) else []
    tags = draw(st.sampled_from(({}, {"team": "x"}, {"team": "y"})))
    return key(
        delegation(), *written, name=name, grants=grants, tags=tags, aliases=draw(st.sampled_from(((), ("alias/x",))))
    )


class Plain:
    """What the batches are compared with: every caller at every key by itself."""

    def __init__(self, matrices):
        self._over = matrices.over
        self.steps = Steps(matrices.bounds, lambda party: Told(alike=party.id, patterns=()), matrices.crowd)

    def standing(self, party, door):
        return standing(party, door, self._over(party))


@settings(max_examples=60)
@given(
    accounts(HOME),
    accounts(OTHER),
    st.tuples(*(keys(name) for name in ("k1", "k2", "k3"))),
    statements(effects=("Deny",)),
)
def test_a_batch_answers_as_each_caller_at_each_key_by_itself(home, other, found, denial):
    matrices = Matrices([home, other], [tree(denial)])
    plain = Plain(matrices)
    for one in found:
        door = matrices.door(one)
        comers = matrices.comers(door)
        assert [comer.standing for comer in comers] == [plain.standing(comer.party, door) for comer in comers]
        batched, single = stepping(matrices, door, comers), stepping(plain, door, comers)
        assert [batched.cells(comer) for comer in comers] == [single.cells(comer) for comer in comers]
