"""
A page for visitors at a laptop without a telephone: every persona, the password, and the code of now.

It exists only while the demonstration serves, on the loopback address, and knows only invented people.
"""

from __future__ import annotations

import threading
from functools import partial
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from wherry.nonprod.demo.personas import codes_now, personas
from wherry.nonprod.demo.staff import password

_PAGE = """<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Who to be – Wherry demonstration</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><meta http-equiv="refresh" content="5">
<style>body{{font:18px/1.5 sans-serif;margin:2rem auto;max-width:60rem;padding:0 1rem;color:#212b32}}
table{{border-collapse:collapse;width:100%}}th,td{{text-align:left;padding:.4rem .8rem .4rem 0;
border-bottom:1px solid #d8dde0;overflow-wrap:anywhere}}code{{font-size:1.3rem;white-space:nowrap}}</style></head>
<body><h1>Who to be</h1><p>Everybody here is invented. <a href="{site}" target="_blank" rel="noopener">Open the staff
sites</a> and sign in as one of them. The password of all: <code>{password}</code></p>
<p>These codes stand for their telephones. They change in {seconds} seconds; each is taken once.</p>
<table><thead><tr><th scope="col">Code</th><th scope="col">Who</th><th scope="col">E-mail address</th></tr></thead>
<tbody>{rows}</tbody></table></body></html>"""


class _Door(BaseHTTPRequestHandler):
    def __init__(self, *args: object, home: Path, site: str) -> None:
        self.home, self.site = home, site
        super().__init__(*args)  # type: ignore[arg-type]  # what the server hands over

    def do_GET(self) -> None:
        body = page(home=self.home, site=self.site).encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(body)

    def log_request(self, code: object = "-", size: object = "-") -> None:
        """Say nothing: the terminal is for the demonstration."""


def page(*, home: Path, site: str) -> str:
    """Write the page as it stands now."""
    codes, seconds = codes_now(home=home)
    rows = "".join(
        f"<tr><td><code>{codes[one.email][:3]} {codes[one.email][3:]}</code></td>"
        f'<th scope="row">{escape(f"{one.name}, {one.role}".replace("_", " "))}</th><td>{escape(one.email)}</td></tr>'
        for one in personas()
    )
    return _PAGE.format(site=escape(site), password=escape(password(home)), seconds=seconds, rows=rows)


def open_door(*, home: Path, staff_site: str) -> str:
    """Serve the page from a thread that ends with the process. Returns its address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Door, home=home, site=staff_site))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_address[1]}/"
