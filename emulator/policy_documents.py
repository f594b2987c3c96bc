"""Evaluates IAM policy documents: an explicit Deny wins, then an Allow, else the request is denied.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
Only what decides EventBridge deliveries: principals, actions, resources and the condition operators on strings,
ARNs and booleans. A condition that this evaluator doesn't know is not met, so that an unknown one can't let an
alert through here that AWS would lose.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any

ANY_VALUE = object()
"""A context value that equals everything: the emulator's accounts are one organization."""


@dataclass(frozen=True)
class Request:
    action: str
    resource: str
    service: str | None = None
    """The calling service principal, e.g. events.amazonaws.com."""
    account: str | None = None
    role_arn: str | None = None
    """The calling role. Without service and role the document is an identity policy: it names no principal."""
    context: dict[str, Any] = field(default_factory=dict)
    """Condition keys in lower case."""


def allows(document: str | dict[str, Any] | None, request: Request) -> bool:
    statements = [s for s in statements_of(document) if _applies(s, request)]
    effects = {statement.get("Effect") for statement in statements}
    return "Deny" not in effects and "Allow" in effects


def statements_of(document: str | dict[str, Any] | None) -> list[dict[str, Any]]:
    parsed = json.loads(document) if isinstance(document, str) and document else document
    return _as_list((parsed or {}).get("Statement"))


def _applies(statement: dict[str, Any], request: Request) -> bool:
    return (
        _principal_matches(statement, request)
        and _list_matches(statement, "Action", request.action, ignore_case=True)
        and _list_matches(statement, "Resource", request.resource)
        and all(
            _operator_met(operator, keys, request.context)
            for operator, keys in (statement.get("Condition") or {}).items()
        )
    )


def _principal_matches(statement: dict[str, Any], request: Request) -> bool:
    if request.service is None and request.role_arn is None:
        return "Principal" not in statement and "NotPrincipal" not in statement
    if "NotPrincipal" in statement:
        return not _names(statement["NotPrincipal"], request)
    return _names(statement.get("Principal"), request)


def _names(principal: Any, request: Request) -> bool:
    if principal == "*":
        return True
    if not isinstance(principal, dict):
        return False
    if request.service is not None and request.service in _as_list(principal.get("Service")):
        return True
    return any(_is_caller(name, request) for name in _as_list(principal.get("AWS")))


def _is_caller(name: str, request: Request) -> bool:
    # moto stores PutPermission's principal `*` as the root ARN of account `*`.
    if name == "*" or name.endswith(":iam::*:root"):
        return True
    if request.role_arn is None:
        return False
    return name in (request.role_arn, request.account) or name.endswith(f":iam::{request.account}:root")


def _list_matches(statement: dict[str, Any], key: str, value: str, ignore_case: bool = False) -> bool:
    if f"Not{key}" in statement:
        return not any(_like(p, value, ignore_case) for p in _as_list(statement[f"Not{key}"]))
    # Trust policies have no Resource: they stand on the role itself.
    if key == "Resource" and key not in statement:
        return True
    return any(_like(p, value, ignore_case) for p in _as_list(statement.get(key)))


def _operator_met(operator: str, keys: dict[str, Any], context: dict[str, Any]) -> bool:
    if_exists = operator.endswith("IfExists")
    name = operator.removesuffix("IfExists")
    return all(_condition_met(name, if_exists, context.get(key.lower()), _as_list(v)) for key, v in keys.items())


def _condition_met(operator: str, if_exists: bool, actual: Any, wanted: list[Any]) -> bool:
    negated = "Not" in operator
    if operator == "Null":
        return (str(wanted[0]).lower() == "true") == (actual is None)
    if actual is None:
        return if_exists or negated
    if actual is ANY_VALUE:
        return not negated
    if operator.replace("Not", "") not in _COMPARE:
        return False
    compare = _COMPARE[operator.replace("Not", "")]
    return negated != any(compare(str(pattern), str(actual)) for pattern in wanted)


def _like(pattern: str, value: str, ignore_case: bool = False) -> bool:
    regex = "".join(".*" if c == "*" else "." if c == "?" else re.escape(c) for c in pattern)
    return re.fullmatch(regex, value, re.IGNORECASE | re.DOTALL if ignore_case else re.DOTALL) is not None


_COMPARE = {
    "StringEquals": lambda pattern, value: pattern == value,
    "StringEqualsIgnoreCase": lambda pattern, value: pattern.lower() == value.lower(),
    "StringLike": _like,
    # ArnEquals behaves as ArnLike: both take wildcards.
    "ArnEquals": _like,
    "ArnLike": _like,
    "Bool": lambda pattern, value: pattern.lower() == value.lower(),
}


def _as_list(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]
