"""Regions that don't answer: what an alert path meets when its region is down.

Calls that are signed for such a region get 503, and EventBridge can deliver nothing there. AWS would retry for a day; here
that day is over at once, and the event goes to the dead-letter queue.
https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-retry-policy.html
"""

from __future__ import annotations

import re
from typing import Any

_SCOPE = re.compile(r"Credential=[^/]+/\d{8}/([a-z0-9-]+)/")

_down: set[str] = set()


def set_down(region: str, down: bool) -> None:
    if down:
        _down.add(region)
    else:
        _down.discard(region)


def regions_down() -> list[str]:
    return sorted(_down)


def reset() -> None:
    _down.clear()


def is_down(region: str) -> bool:
    return region in _down


def refuses(environ: dict[str, Any]) -> bool:
    match = _SCOPE.search(environ.get("HTTP_AUTHORIZATION", ""))
    return match is not None and is_down(match.group(1))
