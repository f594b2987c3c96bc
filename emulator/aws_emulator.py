"""The local AWS: moto behind one loopback address, with an EventBridge that delivers as AWS does.

    python aws_emulator.py --port 0 --exit-with-parent

Prints one line, `ready http://127.0.0.1:N`, when it accepts requests. Stops with exit code 0 on SIGINT, on SIGTERM,
and, with --exit-with-parent, when its standard input ends. Exit code = errno when the port can't be had.
Besides AWS and moto's own API (POST /moto-api/reset) it answers
    GET  /emulator-api/regions                                          every region and its opt-in status
    POST /emulator-api/regions {"region": "..", "status": "opted-in"}   enables a region (or "not-opted-in")
    POST /emulator-api/outages {"region": "..", "down": true}           a region stops answering (or answers again)
"""

from __future__ import annotations

import argparse
import io
import json
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterable
from typing import Any

# Leave no __pycache__ in the project.
sys.dont_write_bytecode = True

HOST = "127.0.0.1"
BACKLOG = 128


def main() -> None:
    parser = argparse.ArgumentParser(description="AWS emulator for aws-break-glass")
    parser.add_argument("--port", type=int, default=0, help="0 takes any free port")
    parser.add_argument("--exit-with-parent", action="store_true", help="stop when standard input ends")
    options = parser.parse_args()

    for signal_number in (signal.SIGINT, signal.SIGTERM):
        # State is in memory only, so there is nothing to finish.
        signal.signal(signal_number, lambda *_: os._exit(0))
    if options.exit_with_parent:
        threading.Thread(target=_exit_when_input_ends, daemon=True).start()

    try:
        listener = socket.create_server((HOST, options.port), backlog=BACKLOG)
    except (OSError, OverflowError) as error:
        print(error, file=sys.stderr)
        sys.exit(getattr(error, "errno", None) or 1)
    _isolate_environment()
    server = _make_server(listener)
    print(f"ready http://{HOST}:{server.port}", flush=True)
    # moto prints warnings; the ready line stays the only one.
    sys.stdout = sys.stderr
    server.serve_forever()


def _exit_when_input_ends() -> None:
    while os.read(0, 4096):
        pass
    os._exit(0)


def _isolate_environment() -> None:
    """No profile, key or endpoint of the person reaches moto's own boto3."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        del os.environ[name]
    os.environ.update(
        AWS_CONFIG_FILE=os.devnull,
        AWS_SHARED_CREDENTIALS_FILE=os.devnull,
        AWS_EC2_METADATA_DISABLED="true",
        AWS_ACCESS_KEY_ID="testing",
        AWS_SECRET_ACCESS_KEY="testing",
        AWS_DEFAULT_REGION="us-east-1",
        # arn:aws:iam::aws:policy/IAMFullAccess and the like exist only with this.
        MOTO_IAM_LOAD_MANAGED_POLICIES="true",
    )


def _make_server(listener: socket.socket) -> Any:
    from moto.moto_server.werkzeug_app import DomainDispatcherApplication
    from werkzeug.serving import WSGIRequestHandler, make_server

    class QuietHandler(WSGIRequestHandler):
        protocol_version = "HTTP/1.1"

        def log(self, *_: Any) -> None:
            pass

    app = OneAtATime(AdminApi(DomainDispatcherApplication(_create_backend_app)))
    port = listener.getsockname()[1]
    return make_server(HOST, port, app, threaded=True, request_handler=QuietHandler, fd=listener.fileno())


def _create_backend_app(service: str) -> Any:
    """Each service is loaded at its first request; so are its shims."""
    from moto.moto_server.werkzeug_app import create_backend_app

    app = create_backend_app(service)
    if service == "events":
        import eventbridge_shim

        eventbridge_shim.install()
    elif service == "iam":
        import iam_shim

        iam_shim.install()
    elif service == "ec2":
        import regions_shim

        regions_shim.install()
    if service in ("events", "sns"):
        import sns_shim

        sns_shim.install()
    return app


class OneAtATime:
    """moto's state is plain dictionaries: a request that changes one while another walks it answers 500, sometimes after
    the change was made (seen once in 9,385 concurrent requests), and the client's retry then meets "already exists".

    A queue's long poll waits outside, or it would hold up everybody.
    """

    def __init__(self, app: Callable[..., Iterable[bytes]]):
        self.app = app
        self.lock = threading.Lock()

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if environ.get("HTTP_X_AMZ_TARGET") == "AmazonSQS.ReceiveMessage":
            return self.app(environ, start_response)
        # The body comes at the client's pace, so it is read before anybody is made to wait.
        length = int(environ.get("CONTENT_LENGTH") or 0)
        if length:
            environ["wsgi.input"] = io.BytesIO(environ["wsgi.input"].read(length))
        with self.lock:
            return self.app(environ, start_response)


class AdminApi:
    """Answers /emulator-api, and passes everything else to moto."""

    def __init__(self, app: Callable[..., Iterable[bytes]]):
        self.app = app

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        import outage
        import regions_shim

        path, method = environ.get("PATH_INFO"), environ.get("REQUEST_METHOD")
        if path == "/moto-api/reset" and method == "POST":
            regions_shim.reset()
            outage.reset()
        if outage.refuses(environ):
            start_response("503 Service Unavailable", [("Content-Length", "0")])
            return [b""]
        if path not in ("/emulator-api/regions", "/emulator-api/outages"):
            return self.app(environ, start_response)
        status = "200 OK"
        body: Any = None
        if method == "POST":
            try:
                wanted = json.loads(environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)))
                if path == "/emulator-api/outages":
                    outage.set_down(wanted["region"], wanted["down"])
                else:
                    regions_shim.set_status(wanted["region"], wanted["status"])
            except (ValueError, KeyError, TypeError) as error:
                status, body = "400 Bad Request", {"error": str(error)}
        answer = {"down": outage.regions_down()} if path == "/emulator-api/outages" else {"regions": regions_shim.statuses()}
        payload = json.dumps(body or answer).encode()
        start_response(status, [("Content-Type", "application/json"), ("Content-Length", str(len(payload)))])
        return [payload]


if __name__ == "__main__":
    main()
