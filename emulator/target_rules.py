"""What PutRule and PutTargets refuse. moto takes nearly everything, so a mistake would show only when no alert comes.

https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutTargets.html, eb-quota.html
"""

from __future__ import annotations

import json
from typing import Any

from input_transformer import RESERVED, fill, is_json_template, placeholders
from moto.core.exceptions import JsonRESTError
from moto.events.exceptions import ValidationException
from moto.utilities.arns import parse_arn

MAX_TARGETS = 5
MAX_PATHS = 100
MAX_PATTERN = 2048
"""Characters of an event pattern (eb-quota.html)."""


def check_pattern(pattern: str | None) -> None:
    if pattern and len(pattern) > MAX_PATTERN:
        raise _limit(f"EventPattern has {len(pattern)} characters, at most {MAX_PATTERN} are allowed.")


def check_targets(targets: list[dict[str, Any]], existing_ids: set[str], account: str) -> None:
    if len(existing_ids | {target["Id"] for target in targets}) > MAX_TARGETS:
        raise _limit(f"A rule has at most {MAX_TARGETS} targets.")
    for target in targets:
        _check_target(target, account)


def _check_target(target: dict[str, Any], account: str) -> None:
    name = target["Id"]
    inputs = [key for key in ("Input", "InputPath", "InputTransformer") if key in target]
    if len(inputs) > 1:
        raise ValidationException(
            f"Only one of Input, InputPath, or InputTransformer must be provided for target {name}."
        )
    arn = parse_arn(target["Arn"])
    if inputs and arn.resource_type == "event-bus" and arn.account != account:
        raise ValidationException(f"{inputs[0]} is not available for target {name}: a bus of another account.")
    if "Input" in target:
        _check_json(target["Input"], f"JSON syntax error in input for target {name}")
    if "InputTransformer" in target:
        _check_transformer(target["InputTransformer"], name, is_log_group=arn.service == "logs")


def _check_transformer(transformer: dict[str, Any], name: str, is_log_group: bool) -> None:
    paths = transformer.get("InputPathsMap") or {}
    template = transformer["InputTemplate"]
    if len(paths) > MAX_PATHS:
        raise ValidationException(f"InputPathsMap of target {name} has more than {MAX_PATHS} entries.")
    for placeholder in placeholders(template):
        if placeholder not in paths and placeholder not in RESERVED:
            raise ValidationException(f"InputTemplate for target {name} contains invalid placeholder {placeholder}.")
    sample = fill(template, lambda _name, quoted: "x" if quoted else "null")
    if is_json_template(template) or is_log_group:
        # A log group takes {"timestamp": .., "message": ..}, never a plain text.
        _check_json(sample, f"Input for target {name} is not a valid JSON text", want_object=is_log_group)
    elif not _is_sequence_of_strings(sample):
        raise ValidationException(f"Invalid InputTemplate for target {name}: each line must be a double-quoted string.")


def _is_sequence_of_strings(text: str) -> bool:
    decoder = json.JSONDecoder()
    rest = text.strip()
    while rest:
        try:
            _, end = decoder.raw_decode(rest)
        except ValueError:
            return False
        rest = rest[end:].lstrip()
    return bool(text.strip())


def _check_json(text: str, message: str, want_object: bool = False) -> None:
    try:
        value = json.loads(text)
    except ValueError as error:
        raise ValidationException(f"{message}: {error}.") from None
    if want_object and not isinstance(value, dict):
        raise ValidationException(f"{message}.")


def _limit(message: str) -> JsonRESTError:
    return JsonRESTError("LimitExceededException", message)
