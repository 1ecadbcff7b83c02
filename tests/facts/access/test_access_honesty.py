"""What is not known of a request may open a decision and never turn it: the law of the evaluator of access."""

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from access_situations import situations
from scanner.facts.access.aws import Result, decide
from scanner.facts.access.context import Context


@given(situations(), st.data())
def test_a_forgotten_part_of_the_request_opens_a_decision_and_never_turns_it(situation, data):
    layers, asked = situation
    whole = decide(layers, asked)
    kept = {key: value for key, value in asked.request.values.items() if data.draw(st.booleans())}
    partial = decide(layers, msgspec.structs.replace(asked, request=Context(values=kept, complete=False)))
    assert partial.result in {whole.result, Result.CONDITIONAL, Result.UNKNOWN}


@given(situations(), st.sampled_from(("key_policy", "identity", "service_control", "resource_control", "grants")))
def test_an_unread_layer_opens_a_decision_and_never_turns_it(situation, layer):
    layers, asked = situation
    whole = decide(layers, asked)
    blind = decide(msgspec.structs.replace(layers, **{layer: None}), asked)
    assert blind.result in {whole.result, Result.UNKNOWN, Result.CONDITIONAL}


@given(situations())
def test_a_whole_request_leaves_nothing_to_the_request(situation):
    layers, asked = situation
    assert decide(layers, asked).result is not Result.CONDITIONAL
