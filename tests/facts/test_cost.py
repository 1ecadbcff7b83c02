import pytest

from records import cannot_exist, days_ago, key, metadata, provider_key, rotations, unread
from scanner.facts.cost import derive_cost
from scanner.model.key import KeyState, Provider
from scanner.model.unknown import Cause, Unknown


@pytest.mark.parametrize(("count", "price"), [(0, 12), (1, 24), (2, 36), (3, 36), (9, 36)])
def test_the_first_two_rotations_each_add_a_dollar_a_month(count: int, price: int) -> None:
    history = rotations(*(days_ago(90 * (number + 1)) for number in range(count)))
    assert derive_cost(key(rotation_history=history)).usd_per_year == price


def test_a_key_that_cannot_rotate_costs_the_base_price() -> None:
    assert derive_cost(key(rotation_history=cannot_exist("rotation_history"))).usd_per_year == 12


@pytest.mark.parametrize("state", [KeyState.PENDING_DELETION, KeyState.DESTROYED])
def test_a_key_on_its_way_out_costs_nothing_whatever_was_not_read(state: KeyState) -> None:
    dying = key(metadata=metadata(state=state), rotation_history=unread("rotation_history"))
    assert derive_cost(dying).usd_per_year == 0
    assert derive_cost(provider_key()).usd_per_year == 0


def test_an_unread_history_or_description_leaves_the_price_open() -> None:
    assert derive_cost(key(rotation_history=unread("rotation_history"))).usd_per_year == unread("rotation_history")
    assert derive_cost(key(metadata=unread("metadata"))).usd_per_year == unread("metadata")
    other = derive_cost(key(provider=Provider.GCP)).usd_per_year
    assert isinstance(other, Unknown)
    assert other.cause is Cause.UNSUPPORTED
