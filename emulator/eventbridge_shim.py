"""Makes moto's EventBridge behave like AWS where it decides whether an alert arrives.

moto keeps rules, targets and buses, and its own code matches events against patterns: an independent judge.
Replaced are the state of a rule, PutEvents, the delivery to targets, and what PutRule and PutTargets accept.
Unlike AWS, PutEvents takes entries of `aws.*` sources: tests and drills stand in for CloudTrail with them.
"""

from __future__ import annotations

import json
import time
import uuid
from typing import Any

from event_targets import deliver
from event_time import iso_time
from moto.events.exceptions import ValidationException
from moto.events.models import EventPattern, EventsBackend, Rule, events_backends
from moto.events.responses import EventsHandler
from policy_documents import Request, allows
from target_rules import check_pattern, check_targets

ALL_MANAGEMENT_EVENTS = "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"
MAX_BUS_HOPS = 10
"""Buses of one account and region may feed each other; this ends a circle."""
MAX_ENTRIES = 10

_moto_put_rule = EventsBackend.put_rule
_moto_put_targets = EventsBackend.put_targets


def install() -> None:
    Rule.send_to_targets = _send_to_targets
    EventsBackend.put_events = _put_events
    EventsBackend.put_rule = _put_rule
    EventsBackend.put_targets = _put_targets
    EventsHandler.test_event_pattern = _test_event_pattern


def matches(rule: Any, event: dict[str, Any]) -> bool:
    """Read-only management events are "matched only by rules with state
    ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS", on the sending bus and on the receiving one.

    https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html
    """
    if rule.state == "DISABLED" or rule.event_pattern.dump() is None:
        return False
    if _is_read_only_management_event(event) and rule.state != ALL_MANAGEMENT_EVENTS:
        return False
    return bool(rule.event_pattern.matches_event(event))


def _is_read_only_management_event(event: dict[str, Any]) -> bool:
    detail = event["detail"]
    return (
        str(event["detail-type"]).endswith("via CloudTrail")
        and isinstance(detail, dict)
        and detail.get("readOnly") is True
        and detail.get("managementEvent") is not False
    )


def route(bus: Any, event: dict[str, Any], hops: int = 0) -> None:
    """Offers the event, as it is, to every rule of a bus."""
    for rule in list(bus.rules.values()):
        _offer(rule, event, hops)


def _offer(rule: Any, event: dict[str, Any], hops: int) -> None:
    if hops > MAX_BUS_HOPS or not matches(rule, event):
        return
    ingestion_time = iso_time(time.time())
    for target in list(rule.targets):
        deliver(rule, target, event, ingestion_time, lambda bus, forwarded: route(bus, forwarded, hops + 1))


def _put_events(self: EventsBackend, events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html"""
    if len(events) > MAX_ENTRIES:
        raise ValidationException(
            "1 validation error detected: Value '[PutEventsRequestEntry]' at 'entries' failed to satisfy constraint: "
            f"Member must have length less than or equal to {MAX_ENTRIES}"
        )
    return [_put_event(self, entry) for entry in events]


def _put_event(backend: EventsBackend, entry: dict[str, Any]) -> dict[str, Any]:
    for name in ("Source", "DetailType", "Detail"):
        if not entry.get(name):
            message = f"Parameter {name} is not valid. Reason: {name} is a required argument."
            return {"ErrorCode": "InvalidArgument", "ErrorMessage": message}
    try:
        detail = json.loads(entry["Detail"])
    except ValueError:
        detail = None
    if not isinstance(detail, dict):
        return {"ErrorCode": "MalformedDetail", "ErrorMessage": "Detail is malformed."}
    event = {
        "version": "0",
        "id": str(uuid.uuid4()),
        "detail-type": entry["DetailType"],
        "source": entry["Source"],
        "account": backend.account_id,
        "time": iso_time(entry.get("Time") or time.time()),
        "region": backend.region_name,
        "resources": entry.get("Resources") or [],
        "detail": detail,
    }
    bus, bus_account = _bus_of(backend, entry.get("EventBusName") or "default")
    # AWS takes an entry for a bus that doesn't exist, and drops it.
    if bus is None:
        return {"EventId": event["id"]}
    if bus_account != backend.account_id and not _may_put(backend.account_id, bus):
        message = f"Account {backend.account_id} may not put events on {bus.arn}."
        return {"ErrorCode": "AccessDeniedException", "ErrorMessage": message}
    route(bus, event)
    return {"EventId": event["id"]}


def _bus_of(backend: EventsBackend, name_or_arn: str) -> tuple[Any, str]:
    if not name_or_arn.startswith("arn:"):
        return backend.event_buses.get(name_or_arn), backend.account_id
    region, account, resource = name_or_arn.split(":", 5)[3:]
    return events_backends[account][region].event_buses.get(resource.split("/", 1)[1]), account


def _may_put(account: str, bus: Any) -> bool:
    caller = f"arn:aws:iam::{account}:root"
    return allows(bus.policy, Request("events:PutEvents", bus.arn, account=account, role_arn=caller))


def _send_to_targets(self: Rule, original_event: dict[str, Any], transform_input: bool = True) -> None:
    """moto's other callers (replays, S3 notifications) bring its own form of an event."""
    event = {k: v for k, v in original_event.items() if k != "ingestion-time"}
    event["time"] = iso_time(event["time"])
    _offer(self, event, hops=0)


def _put_rule(self: EventsBackend, name: str, **arguments: Any) -> Rule:
    check_pattern(arguments.get("event_pattern"))
    return _moto_put_rule(self, name, **arguments)


def _put_targets(self: EventsBackend, name: str, event_bus_arn: str | None, targets: list[dict[str, Any]]) -> None:
    rule = self._get_event_bus(self._normalize_event_bus_arn(event_bus_arn)).rules.get(name)
    check_targets(targets, {target["Id"] for target in rule.targets} if rule else set(), self.account_id)
    _moto_put_targets(self, name, event_bus_arn, targets)


def _test_event_pattern(self: EventsHandler) -> str:
    event = json.loads(self._get_param("Event"))
    return json.dumps({"Result": EventPattern.load(self._get_param("EventPattern")).matches_event(event)})
