"""Times as EventBridge writes them: 2026-11-20T03:12:09Z."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any


def iso_time(value: Any) -> str:
    """Takes seconds since 1970, or an ISO 8601 text."""
    return datetime.fromtimestamp(epoch(value), timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def epoch(value: Any) -> float:
    try:
        return float(value)
    except ValueError:
        return datetime.fromisoformat(str(value).replace("Z", "+00:00")).timestamp()
