"""The read operations of EventBridge, as plain functions from parameters to a reply. Changes nothing."""

from collections.abc import Mapping, Sequence

from scanner.simulator.aws.errors import AwsError
from scanner.simulator.aws.estate import Rule, Surroundings
from scanner.simulator.aws.paging import Paging, number, page, text
from scanner.simulator.aws.records import Caller
from scanner.simulator.aws.world import World

Params = Mapping[str, object]
Reply = dict[str, object]

DEFAULT = "default"


def list_event_buses(world: World, caller: Caller, params: Params) -> Reply:
    """The default bus, which every place has, and the account's own."""
    around = _around(world, caller)
    names = [DEFAULT, *(name for name in around.buses if name != DEFAULT)]
    rows = [_bus(caller, name, around.buses.get(name, "")) for name in names]
    return _paged(world, params, "EventBuses", rows)


def list_rules(world: World, caller: Caller, params: Params) -> Reply:
    """The rules of one bus."""
    bus = _bus_name(world, caller, params)
    rows = [_rule(caller, rule) for rule in _around(world, caller).rules if rule.bus == bus]
    return _paged(world, params, "Rules", rows)


def list_targets_by_rule(world: World, caller: Caller, params: Params) -> Reply:
    """The targets of one rule."""
    bus, name = _bus_name(world, caller, params), text(params, "Rule")
    for rule in _around(world, caller).rules:
        if (rule.bus, rule.name) == (bus, name):
            dead: Reply = {"DeadLetterConfig": {"Arn": rule.dead_letter}} if rule.dead_letter else {}
            return _paged(
                world, params, "Targets", [{"Id": one, "Arn": arn} | dead for one, arn in rule.targets.items()]
            )
    raise AwsError("ResourceNotFoundException", f"Rule {name} does not exist on EventBus {bus}.")


def _around(world: World, caller: Caller) -> Surroundings:
    return world.estate.around(caller.account, caller.region)


def _bus_name(world: World, caller: Caller, params: Params) -> str:
    name = text(params, "EventBusName") or DEFAULT
    if name != DEFAULT and name not in _around(world, caller).buses:
        raise AwsError("ResourceNotFoundException", f"Event bus {name} does not exist.")
    return name


def _bus(caller: Caller, name: str, policy: str) -> Reply:
    row: Reply = {"Name": name, "Arn": f"arn:aws:events:{caller.region}:{caller.account}:event-bus/{name}"}
    return row | ({"Policy": policy} if policy else {})


def _rule(caller: Caller, rule: Rule) -> Reply:
    place = rule.name if rule.bus == DEFAULT else f"{rule.bus}/{rule.name}"
    return {
        "Name": rule.name,
        "Arn": f"arn:aws:events:{caller.region}:{caller.account}:rule/{place}",
        "EventPattern": rule.pattern,
        "State": rule.state,
        "EventBusName": rule.bus,
    }


def _paged(world: World, params: Params, name: str, rows: Sequence[Reply]) -> Reply:
    paging = Paging(name, 100, 100, "ValidationException")
    size, token = number(params, "Limit"), text(params, "NextToken")
    found = page(rows, paging, size=size, token=token, cap=world.page_limit)
    return {name: list(found.items)} | ({"NextToken": found.token} if found.token else {})
