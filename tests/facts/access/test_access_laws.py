"""What every decision on access must obey, whatever policies say: order, denials, narrowing, and texts of any kind."""

import json

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from access_situations import KEY, policies, situations
from scanner.facts.access.aws import Layers, Result, decide
from scanner.facts.access.policies import Policy, PolicyError, read_policy
from scanner.facts.access.reach import reach

WIDTH = (Result.DENY, Result.CONDITIONAL, Result.ALLOW)
"""Narrowest first; unknown stands beside, as it may be any of them."""

LISTS = ("identity", "service_control", "resource_control")


def is_no_wider(after, before):
    """Whether nothing was won: what was denied stays so, and nothing becomes sure that was not."""
    if before.result is Result.UNKNOWN:
        return after.result is not Result.ALLOW
    if after.result is Result.UNKNOWN:
        return before.result is not Result.DENY
    return WIDTH.index(after.result) <= WIDTH.index(before.result)


def over(layers, change):
    """The layers with every policy changed."""
    one = {name: policy and change(policy) for name in ("key_policy", "boundary", "session")
           if (policy := getattr(layers, name)) is not None}  # fmt: skip
    levels = {
        name: tuple(tuple(map(change, level)) for level in getattr(layers, name))
        for name in ("service_control", "resource_control")
    }
    through = tuple(msgspec.structs.replace(one, policy=change(one.policy)) for one in layers.endpoints)
    identity = tuple(map(change, layers.identity))
    return msgspec.structs.replace(layers, identity=identity, endpoints=through, **one, **levels)


def denials(policy):
    return tuple(msgspec.structs.replace(one, allows=False) for one in policy.statements)


def with_more(policy, statements):
    return msgspec.structs.replace(policy, statements=(*policy.statements, *statements))


@given(situations(), policies(of_key=True))
def test_a_deny_in_the_key_policy_never_widens(situation, more):
    layers, asked = situation
    denied = msgspec.structs.replace(layers, key_policy=with_more(layers.key_policy, denials(more)))
    assert is_no_wider(decide(denied, asked), decide(layers, asked))


@given(situations(), policies(), st.sampled_from(LISTS))
def test_a_deny_on_the_callers_side_or_from_above_never_widens(situation, more, layer):
    layers, asked = situation
    added = Policy(name="more", statements=denials(more))
    found = getattr(layers, layer)
    if layer == "identity":
        denied = msgspec.structs.replace(layers, identity=(*found, added))
    else:
        level = (*found[0], added) if found else (read_policy(ALL, "all"), added)
        denied = msgspec.structs.replace(layers, **{layer: (level,)})
    assert is_no_wider(decide(denied, asked), decide(layers, asked))


ALL = json.dumps({"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}})


@given(situations(), st.data())
def test_statements_and_policies_in_another_order_decide_alike(situation, data):
    layers, asked = situation

    def shuffled(policy):
        found = tuple(data.draw(st.permutations(policy.statements)))
        return msgspec.structs.replace(policy, statements=found)

    mixed = over(layers, shuffled)
    mixed = msgspec.structs.replace(mixed, identity=mixed.identity[::-1], grants=mixed.grants[::-1])
    after, before = decide(mixed, asked), decide(layers, asked)
    assert (after.result, after.explicit, {*after.needs}) == (before.result, before.explicit, {*before.needs})


@given(situations(), st.sampled_from(("key_policy", "identity", "boundary", "session")))
def test_an_allow_for_fewer_resources_never_widens(situation, layer):
    layers, asked = situation

    def narrowed(policy):
        statements = tuple(
            msgspec.structs.replace(
                one, resources=(*one.resources, KEY) if one.resources_inverse else (f"{KEY}-other",)
            )
            if one.allows
            else one
            for one in policy.statements
        )
        return msgspec.structs.replace(policy, statements=statements)

    found = getattr(layers, layer)
    less = tuple(map(narrowed, found)) if layer == "identity" else found and narrowed(found)
    narrow = msgspec.structs.replace(layers, **{layer: less})
    assert is_no_wider(decide(narrow, asked), decide(layers, asked))


@given(situations(), st.sampled_from(("boundary", "session", "endpoints")))
def test_what_limits_alone_never_widens_by_being_there(situation, layer):
    layers, asked = situation
    without = {"endpoints": ()} if layer == "endpoints" else {layer: None, f"has_{layer}": False}
    assert is_no_wider(decide(layers, asked), decide(msgspec.structs.replace(layers, **without), asked))


@given(situations())
def test_a_grant_less_never_widens(situation):
    layers, asked = situation
    assert is_no_wider(decide(msgspec.structs.replace(layers, grants=()), asked), decide(layers, asked))


def trees():
    plain = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8)
    names = st.sampled_from(
        ("Statement", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "Condition", "AWS")
    )
    words = st.sampled_from(("Allow", "Deny", "*", "kms:*", KEY, "StringEquals", "2012-10-17", "${aws:username"))
    return st.recursive(
        plain | words,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names | words, inner, max_size=5),
        max_leaves=24,
    )


@settings(max_examples=60)
@given(trees(), trees(), situations())
def test_any_json_is_decided_or_is_no_policy(tree, statement, situation):
    _, asked = situation
    written = {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}
    merged = {**written, **statement} if isinstance(statement, dict) else statement
    for document in (tree, {"Version": "2012-10-17", "Statement": merged}):
        try:
            policy = read_policy(json.dumps(document), "p")
        except PolicyError:
            continue
        one = Layers(key_policy=policy, identity=(policy,), resource_control=((policy,),))
        assert decide(one, asked).result in Result
        reach(policy, "111122223333", KEY)


@pytest.mark.parametrize(
    "statement",
    [
        {"Effect": "Allow", "Principal": "*", "NotPrincipal": "*", "Action": "*", "Resource": "*"},
        {"Effect": "Allow", "Principal": "*", "Action": "*", "NotAction": "*", "Resource": "*"},
        {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*", "NotResource": "*"},
        {"Effect": "Maybe", "Principal": "*", "Action": "*", "Resource": "*"},
        {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*", "Condition": ["x"]},
        "Allow",
    ],
)
def test_a_statement_that_says_two_things_or_none_is_no_policy(statement):
    with pytest.raises(PolicyError):
        read_policy(json.dumps({"Version": "2012-10-17", "Statement": [statement]}), "p")


@pytest.mark.parametrize(
    "changed",
    [
        {"Principal": "111122223333"},
        {"Principal": {"Human": "*"}},
        {"Principal": {"AWS": 111122223333}},
        {"Action": {"Fn::Sub": "kms:*"}},
        {"Surprise": 1},
    ],
)
def test_a_key_policy_is_held_to_the_whole_grammar(changed):
    statement = {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*", **changed}
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    with pytest.raises(PolicyError):
        read_policy(document, "key policy", of_key=True)
    assert read_policy(document, "policy").statements
    del statement["Principal"]
    with pytest.raises(PolicyError):
        read_policy(json.dumps({"Statement": [statement]}), "key policy", of_key=True)
