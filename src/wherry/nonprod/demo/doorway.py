"""
Two pages for visitors at a laptop without a telephone: whom to be, with the code of now; and one resident to follow.

They exist only while the demonstration serves, on the loopback address, and know only invented people.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
from django.db import DatabaseError

from wherry.nonprod.demo.office import password
from wherry.nonprod.demo.personas import codes_now, personas

_PAGE = """<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{title} – Wherry demonstration</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><meta http-equiv="refresh" content="5">
<style>body{{font:18px/1.5 sans-serif;margin:2rem auto;max-width:60rem;padding:0 1rem;color:#212b32}}
table{{border-collapse:collapse;width:100%}}th,td{{text-align:left;padding:.4rem .8rem .4rem 0;
border-bottom:1px solid #d8dde0;overflow-wrap:anywhere}}code{{font-size:1.3rem;white-space:nowrap}}
dl{{display:grid;grid-template-columns:max-content 1fr;gap:.2rem 1.5rem}}dt{{font-weight:bold}}dd{{margin:0}}
ol{{list-style:none;padding:0}}.texts li{{background:#e8edee;border-radius:.8rem;margin:.6rem 0;max-width:32rem;
padding:.6rem 1rem;overflow-wrap:anywhere}}.story li{{margin:.2rem 0;padding-left:9.5rem;text-indent:-9.5rem}}
time{{display:inline-block;min-width:9.5rem;text-indent:0}}
@media(max-width:40rem){{thead{{display:none}}td,th{{border:0;display:block;padding:0}}
tr{{border-bottom:1px solid #d8dde0;display:block;padding:.4rem 0}}}}</style></head><body>{body}</body></html>"""

_WHO_TO_BE = """<h1>Who to be</h1><p>Everybody here is invented. <a href="{site}" target="_blank" rel="noopener">Open
the staff sites</a> and sign in as one of them. The password of all: <code>{password}</code></p>
<p><a href="/follow" target="_blank" rel="noopener">Follow one resident</a>, with their telephone.</p>
<p>These codes stand for their telephones. They change in {seconds}; each is taken once.</p>
<table><thead><tr><th scope="col">Code</th><th scope="col">Who</th><th scope="col">E-mail address</th></tr></thead>
<tbody>{rows}</tbody></table>"""


class _Door(BaseHTTPRequestHandler):
    def __init__(self, *args: object, pages: Mapping[str, Callable[[], str]]) -> None:
        self.pages = pages
        super().__init__(*args)  # type: ignore[arg-type]  # what the server hands over

    def do_GET(self) -> None:
        write = self.pages.get(self.path)
        if write is None:
            # A browser asks for a little picture too.
            self.send_error(404) if self.path != "/favicon.ico" else self._send("", 204)
            return
        try:
            self._send(write(), 200)
        except (DatabaseError, httpx.HTTPError):
            self.send_error(503, "Something is starting again; look once more in a moment")

    def handle(self) -> None:
        """Answer, or not: a tab that is closed or loads itself anew hangs up in the middle, which is its right."""
        with suppress(ConnectionError):
            super().handle()

    def _send(self, words: str, status: int) -> None:
        body = words.encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing: the terminal is for the demonstration."""


def page(*, title: str, body: str) -> str:
    """Write a whole page round its inner HTML; it loads itself anew every few seconds."""
    return _PAGE.format(title=escape(title), body=body)


def who_to_be(*, home: Path, site: str) -> str:
    """Write the inner HTML of the codes as they stand now."""
    codes, seconds = codes_now(home=home)
    rows = "".join(
        f"<tr><td><code>{codes[one.email][:3]} {codes[one.email][3:]}</code></td>"
        f'<th scope="row">{escape(f"{one.name}, {one.role}".replace("_", " "))}</th><td>{escape(one.email)}</td></tr>'
        for one in personas()
    )
    return _WHO_TO_BE.format(site=escape(site), password=escape(password(home)), seconds=_seconds(seconds), rows=rows)


def _seconds(number: int) -> str:
    return "1 second" if number == 1 else f"{number} seconds"


def open_door(*, home: Path, staff_site: str, follow: Callable[[], str]) -> str:
    """
    Serve the pages from a thread that ends with the process. Returns the address of the codes.

    follow: writes the inner HTML of the page `follow` beside it.
    """
    pages = {
        "/": lambda: page(title="Who to be", body=who_to_be(home=home, site=staff_site)),
        "/follow": lambda: page(title="Follow one resident", body=follow()),
    }
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Door, pages=pages))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_address[1]}/"
