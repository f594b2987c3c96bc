"""Whether EventBridge may deliver to a target. One small check per kind of target.

A check raises DeliveryError, with the error code that AWS writes to the dead-letter queue.
Sources: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html (resource policies),
eb-events-iam-roles.html (roles of targets), eb-rule-dlq.html (error codes).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from moto.utilities.utils import get_partition
from policy_documents import ANY_VALUE, Request, allows, statements_of

EVENTBRIDGE = "events.amazonaws.com"


class DeliveryError(Exception):
    """The target didn't take the event. Errors of permission or of a missing resource are never retried."""

    def __init__(self, code: str, message: str):
        super().__init__(message)
        self.code = code
        self.message = message


@dataclass(frozen=True)
class Sender:
    """The rule that delivers, and the role its target names."""

    rule_arn: str
    account: str
    region: str
    role_arn: str | None = None

    @property
    def context(self) -> dict[str, Any]:
        return {
            "aws:sourcearn": self.rule_arn,
            "aws:sourceaccount": self.account,
            "aws:principalorgid": ANY_VALUE,
            "aws:sourceorgid": ANY_VALUE,
            "aws:securetransport": "true",
        }

    def as_service(self, action: str, resource: str) -> Request:
        return Request(action, resource, service=EVENTBRIDGE, context=self.context)

    def as_role(self, action: str, resource: str) -> Request:
        return Request(action, resource, account=self.account, role_arn=self.role_arn, context=self.context)


def check_topic(topic: Any, sender: Sender) -> None:
    """The topic's own policy must let EventBridge publish: the default one doesn't."""
    _check_resource(sender, topic.account_id, topic.policy, topic.arn, ["sns:Publish"])
    if topic.kms_master_key_id:
        region = topic.arn.split(":")[3]
        context = {"kms:encryptioncontext:aws:sns:topicarn": topic.arn}
        check_key(topic.kms_master_key_id, topic.account_id, region, sender, context)


def check_queue(queue: Any, sender: Sender) -> None:
    _check_resource(sender, queue.account_id, queue.policy, queue.queue_arn, ["sqs:SendMessage"])
    if queue.kms_master_key_id:
        context = {"kms:encryptioncontext:aws:sqs:arn": queue.queue_arn}
        check_key(queue.kms_master_key_id, queue.account_id, queue.region, sender, context)


def check_log_group(documents: Iterable[str], log_stream_arn: str, sender: Sender) -> None:
    """Log groups have no policy of their own: the resource policies of the account and region decide."""
    documents = list(documents)
    for action in ("logs:CreateLogStream", "logs:PutLogEvents"):
        if not any(allows(document, sender.as_service(action, log_stream_arn)) for document in documents):
            raise _denied(action, log_stream_arn, "no CloudWatch Logs resource policy allows events.amazonaws.com")


def check_bus(bus: Any, bus_account: str, sender: Sender) -> None:
    """Another region or account needs a role (eb-cross-account.html); another account also needs the bus's policy."""
    elsewhere = (bus_account, bus.region) != (sender.account, sender.region)
    if elsewhere and sender.role_arn is None:
        raise _denied("events:PutEvents", bus.arn, "a bus in another region or account needs a target with a RoleArn")
    if sender.role_arn is not None:
        _check_role(sender, [("events:PutEvents", bus.arn)])
    if bus_account != sender.account and not allows(bus.policy, sender.as_role("events:PutEvents", bus.arn)):
        raise _denied("events:PutEvents", bus.arn, f"the bus's policy doesn't allow account {sender.account}")


def check_key(key_id: str, account: str, region: str, sender: Sender, encryption_context: dict[str, str]) -> None:
    """The key of an encrypted topic or queue must be usable by EventBridge itself.

    "Adding aws:SourceAccount, aws:SourceArn, and aws:SourceOrgID to a KMS policy is not supported for
    EventBridge-to-encrypted topics" (https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html):
    those keys are absent from the request, so a statement that asks for them doesn't allow it.
    """
    key = _find_key(key_id, account, region)
    if key.key_state != "Enabled":
        raise DeliveryError("ERROR_FROM_TARGET", f"KMS key {key.arn} is in state {key.key_state}.")
    for action in ("kms:GenerateDataKey", "kms:Decrypt"):
        as_service = Request(action, key.arn, service=EVENTBRIDGE, context=encryption_context)
        as_role = Request(action, key.arn, account=sender.account, role_arn=sender.role_arn)
        if allows(key.policy, as_service):
            continue
        if sender.role_arn and allows(key.policy, as_role) and _role_allows(sender, action, key.arn):
            continue
        raise _denied(action, key.arn, "the key's policy doesn't allow events.amazonaws.com without source conditions")


def _check_resource(sender: Sender, owner: str, policy: str | None, arn: str, actions: list[str]) -> None:
    """By the resource's policy, or by the target's role; across accounts a role needs the resource's policy too."""
    if sender.role_arn is None:
        for action in actions:
            if not allows(policy, sender.as_service(action, arn)):
                raise _denied(action, arn, "its policy doesn't allow events.amazonaws.com")
        return
    _check_role(sender, [(action, arn) for action in actions])
    if owner != sender.account and not all(allows(policy, sender.as_role(action, arn)) for action in actions):
        raise _denied(actions[0], arn, f"its policy doesn't allow {sender.role_arn}")


def _check_role(sender: Sender, needs: list[tuple[str, str]]) -> None:
    role = _find_role(sender)
    trust = Request("sts:AssumeRole", role.arn, service=EVENTBRIDGE, context=sender.context)
    if not allows(role.assume_role_policy_document, trust):
        raise DeliveryError("FAILED_TO_ASSUME_ROLE", f"{role.arn} doesn't trust {EVENTBRIDGE} for {sender.rule_arn}.")
    for action, resource in needs:
        if not _role_allows(sender, action, resource):
            raise _denied(action, resource, f"the policies of {role.arn} don't allow it")


def _role_allows(sender: Sender, action: str, resource: str) -> bool:
    role = _find_role(sender)
    documents = [*role.policies.values()]
    for policy in role.managed_policies.values():
        documents += [version.document for version in policy.versions if version.is_default]
    merged = {"Statement": [s for document in documents for s in statements_of(document)]}
    return allows(merged, Request(action, resource, context=sender.context))


def _find_role(sender: Sender) -> Any:
    from moto.iam import iam_backends

    account = (sender.role_arn or "").split(":")[4]
    roles = iam_backends[account][get_partition(sender.region)].get_roles()
    role = next((role for role in roles if role.arn == sender.role_arn), None)
    if role is None:
        raise DeliveryError("FAILED_TO_ASSUME_ROLE", f"Role {sender.role_arn} doesn't exist.")
    return role


def _find_key(key_id: str, account: str, region: str) -> Any:
    from moto.kms import kms_backends

    if key_id.startswith("arn:"):
        region, account = key_id.split(":")[3:5]
    # The policy of an AWS managed key such as alias/aws/sns can't be edited, so it never allows EventBridge.
    if "alias/aws/" in key_id:
        raise _denied("kms:GenerateDataKey", key_id, "EventBridge can't use an AWS managed key")
    backend = kms_backends[account][region]
    try:
        return backend.keys[backend.any_id_to_key_id(key_id)]
    except (KeyError, AttributeError):
        raise DeliveryError("ERROR_FROM_TARGET", f"KMS key {key_id} doesn't exist in {region}.") from None


def _denied(action: str, resource: str, reason: str) -> DeliveryError:
    return DeliveryError("NO_PERMISSIONS", f"{action} on {resource} is not allowed: {reason}.")
