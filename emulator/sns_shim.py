"""Keeps moto's SNS on this machine, and one failing subscriber from stopping the others."""

from __future__ import annotations

import ipaddress
import traceback
from typing import Any
from urllib.parse import urlsplit

import moto.sns.models as sns
import requests

TIMEOUT_SECONDS = 5

_moto_publish = sns.Subscription.publish


class LoopbackOnly:
    """Stands in for `requests` in moto's SNS: an http(s) subscription to another machine gets nothing from an emulator."""

    @staticmethod
    def post(url: str, **arguments: Any) -> None:
        if not is_loopback(url):
            return
        headers = {**arguments.pop("headers", {}), "x-amz-sns-message-type": "Notification"}
        # No proxy: the endpoint is on this machine.
        with requests.Session() as session:
            session.trust_env = False
            session.post(url, headers=headers, timeout=TIMEOUT_SECONDS, verify=False, **arguments)


def install() -> None:
    sns.requests = LoopbackOnly
    sns.Subscription.publish = _publish


def _publish(self: sns.Subscription, *arguments: Any, **keywords: Any) -> None:
    try:
        _moto_publish(self, *arguments, **keywords)
    except Exception:
        traceback.print_exc()


def is_loopback(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
