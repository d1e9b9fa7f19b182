"""
The sandbox gateway's process: a threaded server on loopback, and a loop that pays what is owed to the callback.

The standard library's server is used, not the one the sites run on: it binds port 0 and says which it got, it is one
process, and it can cut a connection with a true TCP reset, which a fault test needs.
"""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import struct
import threading
from collections.abc import Callable
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import IO, Any, cast
from wsgiref.simple_server import ServerHandler, WSGIRequestHandler, WSGIServer

import httpx

from wherry.nonprod.gateway.app import Application, Reset
from wherry.nonprod.gateway.store import Callback, Store

_POLL_SECONDS = 0.05
_MOST_AT_ONCE = 50
_LONGEST_WAIT_SECONDS = 10.0
_PR_SET_PDEATHSIG = 1


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True
    request_queue_size = 256

    def server_bind(self) -> None:
        # The inherited bind looks the machine's name up, which may wait on a name server; nobody needs the name.
        socket_host, socket_port = self._bind()
        self.server_name, self.server_port = socket_host, socket_port
        self.setup_environ()

    def _bind(self) -> tuple[str, int]:
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()
        return str(self.server_address[0]), int(self.server_address[1])

    def handle_error(self, request: Any, client_address: Any) -> None:
        # A client that has gone away is not our error, and a trace could print what was sent.
        pass


class _Answering(ServerHandler):
    request_handler: WSGIRequestHandler
    environ: dict[str, Any]

    def run(self, application: Any) -> None:
        try:
            self.setup_environ()
            self.result = application(self.environ, self.start_response)
            self.finish_response()
        except Reset:
            _reset(self.request_handler.connection)
            self.close()
        except (OSError, ValueError):
            self.close()


def _reset(connection: socket.socket) -> None:
    # Linger of zero seconds: closing sends RST, as a machine that lost its power does.
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


class _Handler(WSGIRequestHandler):
    def handle(self) -> None:
        self.raw_requestline = self.rfile.readline(65537)
        if len(self.raw_requestline) > 65536 or not self.parse_request():
            return
        answering = _Answering(
            cast("IO[bytes]", self.rfile),
            cast("IO[bytes]", self.wfile),
            self.get_stderr(),
            self.get_environ(),
            multiprocess=False,
        )
        answering.request_handler = self
        answering.run(self.server.get_app())  # type: ignore[attr-defined]

    def finish(self) -> None:
        try:
            super().finish()
        except (OSError, ValueError):
            pass

    def log_message(self, *args: Any) -> None:
        # The address holds telephone numbers (`/inbox?to=`): nothing is logged.
        pass


class CallbackLoop(threading.Thread):
    """Pays callbacks until each was answered with 2xx: at least once, slower after each refusal."""

    def __init__(self, *, store: Store, token: str, still_wanted: Callable[[], bool]) -> None:
        super().__init__(name="callbacks", daemon=True)
        self._store, self._token, self._still_wanted = store, token, still_wanted
        self.stopping = threading.Event()

    def run(self) -> None:
        with httpx.Client(timeout=10.0, follow_redirects=False, trust_env=False) as http:
            while not self.stopping.wait(_POLL_SECONDS):
                if not self._still_wanted():
                    os.kill(os.getpid(), signal.SIGTERM)
                    return
                url = self._store.setting("callback")
                for callback in self._store.due(most=_MOST_AT_ONCE) if url else ():
                    if self.stopping.is_set():
                        return
                    self._pay(http, url, callback)

    def _pay(self, http: httpx.Client, url: str, callback: Callback) -> None:
        headers = {"Authorization": f"Bearer {self._token}", "Content-Type": "application/json"}
        try:
            taken = http.post(url, content=callback.content, headers=headers).is_success
        except httpx.HTTPError:
            taken = False
        wait = None if taken else min(0.2 * 2 ** min(callback.tries, 10), _LONGEST_WAIT_SECONDS)
        self._store.settle(callback, retry_seconds=wait)


def die_with_parent(parent: int) -> Callable[[], bool]:
    """
    Ask the kernel to end this process with its parent; returns a question that says whether the parent still is.

    The kernel's signal comes when the parent's *thread* that started us ends, so the question is asked as well.
    """
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
    return lambda: os.getppid() == parent


def serve(
    *,
    folder: Path,
    port: int,
    token: str,
    callback_token: str,
    callback: str | None,
    parent: int | None,
    say: Callable[[str], None],
) -> None:
    """
    Serve until SIGTERM or SIGINT, or until the parent has gone.

    say: is told the address once, when requests are answered; the same is in `folder/address`.
    """
    still_wanted = die_with_parent(parent) if parent else lambda: True
    store = Store(folder)
    if callback:
        store.set("callback", callback)
    server = _Server(("127.0.0.1", port), _Handler)
    server.set_app(Application(store=store, token=token))
    loop = CallbackLoop(store=store, token=callback_token, still_wanted=still_wanted)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: threading.Thread(target=server.shutdown, daemon=True).start())
    loop.start()
    address = f"http://127.0.0.1:{server.server_port}"
    unfinished = folder / "address.new"
    unfinished.write_text(address)
    unfinished.replace(folder / "address")
    say(address)
    try:
        server.serve_forever(poll_interval=0.1)
    finally:
        loop.stopping.set()
        loop.join(timeout=5)
        server.server_close()
        store.close()
