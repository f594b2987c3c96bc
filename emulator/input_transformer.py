"""What a target gets: the event, a part of it, a constant, or a template filled with values of it.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html
- A template is JSON (`{` or `[` first), or one or several lines, each a double-quoted string. The quotes are part of
  what is delivered.
- A value is not escaped inside quotes. Outside of quotes it stands as JSON.
- A path that isn't in the event vanishes: nothing inside quotes, `""` outside of them.
- JSON that is no longer valid after the replacement isn't delivered (INVALID_JSON).
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from delivery_policies import DeliveryError

RESERVED = (
    "aws.events.rule-arn",
    "aws.events.rule-name",
    "aws.events.event.ingestion-time",
    "aws.events.event.json",
    "aws.events.event",
)

_MISSING = object()
_PLACEHOLDER = re.compile(r"<([^<>\s\"]+)>")
# Dot notation, dashes, underscores, alphanumeric characters, array indices, wildcards, forward slashes.
_PATH_STEP = re.compile(r"\.([A-Za-z0-9_\-/@]+|\*)|\[(\d+|\*)\]")


def payload_for(target: dict[str, Any], event: dict[str, Any], rule: Any, ingestion_time: str) -> str:
    if "Input" in target:
        return str(target["Input"])
    if "InputPath" in target:
        value = value_at(event, target["InputPath"])
        if value is _MISSING:
            raise DeliveryError("INVALID_PARAMETER", f"The event has nothing at {target['InputPath']}.")
        return to_json(value)
    if "InputTransformer" in target:
        return _transform(target["InputTransformer"], event, rule, ingestion_time)
    return to_json(event)


def _transform(transformer: dict[str, Any], event: dict[str, Any], rule: Any, ingestion_time: str) -> str:
    paths = transformer.get("InputPathsMap") or {}
    values = {name: value_at(event, path) for name, path in paths.items()}
    values.update(_reserved_values(event, rule, ingestion_time))
    template = transformer["InputTemplate"]
    text = fill(template, lambda name, quoted: _render(values.get(name, _MISSING), quoted))
    if not is_json_template(template):
        return text
    try:
        # What reaches the target is minified.
        return to_json(json.loads(text))
    except ValueError as error:
        raise DeliveryError("INVALID_JSON", f"The filled template is no valid JSON: {error}.") from None


def is_json_template(template: str) -> bool:
    return template.lstrip()[:1] in ("{", "[")


def placeholders(template: str) -> list[str]:
    return _PLACEHOLDER.findall(template)


def fill(template: str, render: Callable[[str, bool], str]) -> str:
    """Replaces each <name> by render(name, whether it stands inside double quotes)."""
    parts: list[str] = []
    quoted = False
    position = 0
    while position < len(template):
        character = template[position]
        match = _PLACEHOLDER.match(template, position) if character == "<" else None
        if match:
            parts.append(render(match.group(1), quoted))
            position = match.end()
            continue
        if character == "\\" and quoted:
            parts.append(template[position : position + 2])
            position += 2
            continue
        if character == '"':
            quoted = not quoted
        parts.append(character)
        position += 1
    return "".join(parts)


def value_at(event: Any, path: str) -> Any:
    """The value at a path such as $.detail.userIdentity.arn or $.resources[0]; a wildcard gives a list."""
    if not path.startswith("$"):
        return _MISSING
    found = [event]
    position, wildcard = 1, False
    while position < len(path):
        step = _PATH_STEP.match(path, position)
        if not step:
            return _MISSING
        position = step.end()
        key = step.group(1) or step.group(2)
        wildcard = wildcard or key == "*"
        found = [child for node in found for child in _children(node, key, is_index=step.group(2) is not None)]
    if wildcard:
        return found or _MISSING
    return found[0] if found else _MISSING


def _children(node: Any, key: str, is_index: bool) -> list[Any]:
    if key == "*":
        return list(node.values()) if isinstance(node, dict) else list(node) if isinstance(node, list) else []
    if is_index:
        return [node[int(key)]] if isinstance(node, list) and int(key) < len(node) else []
    return [node[key]] if isinstance(node, dict) and key in node else []


def _render(value: Any, quoted: bool) -> str:
    if value is _MISSING:
        return "" if quoted else '""'
    if not quoted:
        return to_json(value)
    if value is None:
        return ""
    return value if isinstance(value, str) else to_json(value)


def _reserved_values(event: dict[str, Any], rule: Any, ingestion_time: str) -> dict[str, Any]:
    # AWS spells detail-type as detailType in <aws.events.event> (seen in recordings of its answers).
    without_detail = {"detailType" if k == "detail-type" else k: v for k, v in event.items() if k != "detail"}
    return {
        "aws.events.rule-arn": rule.arn,
        "aws.events.rule-name": rule.name,
        "aws.events.event.ingestion-time": ingestion_time,
        "aws.events.event.json": event,
        "aws.events.event": without_detail,
    }


def to_json(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)
