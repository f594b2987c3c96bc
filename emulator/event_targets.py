"""Delivers one event to one target of a rule, or to the target's dead-letter queue.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html
"""

from __future__ import annotations

import json
import time
import traceback
import uuid
from collections.abc import Callable
from typing import Any

from delivery_policies import DeliveryError, Sender, check_bus, check_log_group, check_queue, check_topic
from event_time import epoch
from input_transformer import payload_for, to_json
from moto.events.models import Rule, events_backends
from moto.utilities.arns import Arn, parse_arn
from outage import is_down

Forward = Callable[[Any, dict[str, Any]], None]
"""Puts an event on a bus."""

_moto_send_to_targets = Rule.send_to_targets


def deliver(rule: Any, target: dict[str, Any], event: dict[str, Any], ingestion_time: str, forward: Forward) -> None:
    """Never raises: one bad target must not stop the others, nor the PutEvents call."""
    sender = Sender(rule.arn, rule.account_id, rule.region_name, target.get("RoleArn"))
    try:
        arn = parse_arn(target["Arn"])
        if is_down(arn.region):
            raise DeliveryError("SDK_CLIENT_ERROR", f"{arn.region} doesn't answer.")
        if arn.service == "events" and arn.resource_type == "event-bus":
            _to_bus(arn, event, sender, forward)
            return
        send = _SENDERS.get(arn.service)
        if send is None:
            _to_other_kind(rule, target, event)
            return
        send(arn, payload_for(target, event, rule, ingestion_time), sender, target)
    except DeliveryError as error:
        _to_dead_letter_queue(target, event, sender, error)
    except Exception as error:
        traceback.print_exc()
        failure = DeliveryError("INTERNAL_ERROR", f"{type(error).__name__}: {error}")
        _to_dead_letter_queue(target, event, sender, failure)


def _to_bus(arn: Arn, event: dict[str, Any], sender: Sender, forward: Forward) -> None:
    _check_hop(arn, event, sender)
    bus = events_backends[arn.account][arn.region].event_buses.get(arn.resource_id)
    if bus is None:
        raise DeliveryError("NO_RESOURCE", f"Event bus {arn.resource_id} doesn't exist in {arn.region}.")
    check_bus(bus, arn.account, sender)
    forward(bus, event)


def _check_hop(arn: Arn, event: dict[str, Any], sender: Sender) -> None:
    """An event that came from another account or region is not sent on to a further one (eb-cross-account.html)."""
    came_from_elsewhere = (event["account"], event["region"]) != (sender.account, sender.region)
    if not came_from_elsewhere or (arn.account, arn.region) == (sender.account, sender.region):
        return
    code = "THIRD_ACCOUNT_HOP_DETECTED" if arn.account != sender.account else "THIRD_REGION_HOP_DETECTED"
    raise DeliveryError(code, f"The event of {event['account']} {event['region']} was already forwarded once.")


def _to_topic(arn: Arn, payload: str, sender: Sender, _target: dict[str, Any]) -> None:
    from moto.sns import sns_backends

    topic = next((t for t in list(sns_backends[arn.account][arn.region].topics.values()) if _is(t.arn, arn)), None)
    if topic is None:
        raise DeliveryError("NO_RESOURCE", f"Topic {arn.resource_id} doesn't exist in {arn.region}.")
    check_topic(topic, sender)
    topic.publish(payload)


def _is(resource_arn: str, arn: Arn) -> bool:
    return parse_arn(resource_arn) == arn


def _to_queue(arn: Arn, payload: str, sender: Sender, target: dict[str, Any]) -> None:
    from moto.sqs import sqs_backends

    backend = sqs_backends[arn.account][arn.region]
    check_queue(_find_queue(arn), sender)
    group = target.get("SqsParameters", {}).get("MessageGroupId")
    backend.send_message(queue_name=arn.resource_id, message_body=payload, group_id=group)


def _find_queue(arn: Arn) -> Any:
    from moto.sqs import sqs_backends

    queue = sqs_backends[arn.account][arn.region].queues.get(arn.resource_id)
    if queue is None:
        raise DeliveryError("NO_RESOURCE", f"Queue {arn.resource_id} doesn't exist in {arn.region}.")
    return queue


def _to_log_group(arn: Arn, payload: str, sender: Sender, _target: dict[str, Any]) -> None:
    from moto.logs import logs_backends

    backend = logs_backends[arn.account][arn.region]
    name = arn.resource_id.removesuffix(":*")
    if name not in backend.groups:
        raise DeliveryError("NO_RESOURCE", f"Log group {name} doesn't exist in {arn.region}.")
    stream = str(uuid.uuid4())
    documents = [policy.policy_document for policy in backend.resource_policies.values()]
    check_log_group(documents, f"{backend.groups[name].arn}:log-stream:{stream}", sender)
    backend.create_log_stream(name, stream)
    backend.put_log_events(name, stream, [_log_event(payload)])


def _log_event(payload: str) -> dict[str, Any]:
    """A template for a log group makes {"timestamp": .., "message": ..}; anything else is the message itself."""
    value = json.loads(payload)
    is_entry = isinstance(value, dict) and set(value) == {"timestamp", "message"}
    message = value["message"] if is_entry else payload
    return {
        "timestamp": int(time.time() * 1000),
        "message": message if isinstance(message, str) else to_json(message),
    }


def _to_other_kind(rule: Any, target: dict[str, Any], event: dict[str, Any]) -> None:
    """Archives and API destinations: moto's own delivery, which wants its own form of the event."""
    moto_event = {**event, "time": epoch(event["time"]), "ingestion-time": time.time()}
    only_this = Rule(
        rule.name,
        rule.account_id,
        rule.region_name,
        rule.description,
        rule.event_pattern.dump(),
        None,
        rule.role_arn,
        rule.event_bus_name,
        rule.state,
        targets=[target],
    )
    _moto_send_to_targets(only_this, moto_event)


def _to_dead_letter_queue(target: dict[str, Any], event: dict[str, Any], sender: Sender, error: DeliveryError) -> None:
    """A standard queue in the rule's region, whose policy allows EventBridge. Else the event is lost, silently."""
    from moto.sqs import sqs_backends

    queue_arn = (target.get("DeadLetterConfig") or {}).get("Arn")
    if not queue_arn:
        return
    arn = parse_arn(queue_arn)
    try:
        queue = _find_queue(arn)
        check_queue(queue, Sender(sender.rule_arn, sender.account, sender.region))
    except DeliveryError:
        return
    if arn.region != sender.region or queue.fifo_queue:
        return
    attributes = {
        "RULE_ARN": sender.rule_arn,
        "TARGET_ARN": target["Arn"],
        "ERROR_CODE": error.code,
        "ERROR_MESSAGE": error.message,
    }
    sqs_backends[arn.account][arn.region].send_message(
        queue_name=arn.resource_id,
        message_body=to_json(event),
        message_attributes={k: {"DataType": "String", "StringValue": v} for k, v in attributes.items()},
    )


_SENDERS = {"sns": _to_topic, "sqs": _to_queue, "logs": _to_log_group}
