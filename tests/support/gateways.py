"""A sandbox gateway for tests: the real process on loopback, the real client, and a callback that listens."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

TOKEN = "a-token-of-the-tests-only"


class Listener:
    """Takes callbacks. refuse_first: how many are answered 503 before the first is taken."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.taken: list[dict[str, Any]] = []
        self.tokens: set[str] = set()
        self.refuse_first = 0

    def wait_for(self, count: int, *, seconds: float = 10.0) -> list[dict[str, Any]]:
        """Wait until so many were taken; returns what there is."""
        until(lambda: len(self.taken) >= count, seconds=seconds)
        return list(self.taken)


def until(happens: Callable[[], bool], *, seconds: float = 10.0) -> bool:
    """Wait for something to become true."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if happens():
            return True
        time.sleep(0.02)
    return happens()


@contextmanager
def listening() -> Iterator[Listener]:
    """Listen on a free port of this machine."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            content = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            listener.tokens.add(self.headers.get("Authorization", ""))
            refused = listener.refuse_first > 0
            listener.refuse_first -= refused
            if not refused:
                listener.taken.append(content)
            self.send_response(503 if refused else 204)
            self.end_headers()

        def log_message(self, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    listener = Listener(f"http://127.0.0.1:{server.server_port}/receipts")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield listener
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
