"""
What every page of every site costs the server with 20,000 residents behind it: about 1,000 cases and 20,000 events.

Each page: median milliseconds of a Django client's request as the site's own database role, its queries, and how many
times a trivial page's time that is (the page somebody not signed in is sent to), measured in the same run.

Run: PYTHONPATH=src:. .venv/bin/python benchmarks/pages.py [--cases 1000] [--events 20000] [--json FILE] [--only TEXT]
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

#: The pages of the staff sites without anything in their address, and whom they are for; the rest are found below.
PLAIN = {
    "home": "caller",
    "support_today": "caller",
    "clinicians_lists": "clinician",
    "partners_inbox": "food",
    "office_funnel": "lead",
    "office_huddle": "lead",
    "office_stuck": "lead",
    "office_feeds": "lead",
    "office_decisions": "lead",
    "office_agreements": "lead",
    "office_sending": "lead",
    "office_access": "guardian",
}
BUDGET_MS = 100
ROUNDS = 9


def main() -> int:
    """Fill a database in a home of its own, then time each site in a process that logs in as that site does."""
    asked = _arguments()
    if asked.site:
        print(json.dumps(_timed(asked.site, asked.only)))
        return 0
    home = Path(tempfile.mkdtemp(prefix="wherry-pages-"))
    home.chmod(0o711)
    try:
        return _report(_measured(home, asked), asked)
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=1_000)
    parser.add_argument("--events", type=int, default=20_000)
    parser.add_argument("--only", default="", help="Only pages whose name holds this.")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--keep", type=Path, help="Fill this home, say so, and time nothing: to look at the pages.")
    parser.add_argument("--site", choices=["staff", "person"], help=argparse.SUPPRESS)
    return parser.parse_args()


def _measured(home: Path, asked: argparse.Namespace) -> list[dict[str, Any]]:
    from wherry.database.cluster import Cluster

    home = asked.keep or home
    with Cluster(home, durable=False).using():
        _fill(home, asked)
        if asked.keep:
            return []
        lines = []
        for site in ("staff", "person"):
            environment = os.environ | {
                "WHERRY_SITE": site,
                "WHERRY_DATABASE_ROLE": {"staff": "web", "person": "web_person"}[site],
                "WHERRY_DEMO": "1",
                "WHERRY_HOSTS": "testserver",
            }
            command = [sys.executable, __file__, "--site", site, "--only", asked.only]
            done = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
            lines += json.loads(done.stdout.splitlines()[-1])
        return lines


def _fill(home: Path, asked: argparse.Namespace) -> None:
    from wherry.commands.installation import migrate

    began = time.perf_counter()
    migrate(home=home)
    from django.db import connection, transaction

    from tests.support.full_house import full_house, landed_feeds
    from wherry.feeds.queries import contracts

    with transaction.atomic():
        here = full_house(cases=asked.cases, events=asked.events)
        _note_staff(here, home)
    landed_feeds(home, names=[one.name for one in contracts()])
    with connection.cursor() as cursor:
        cursor.execute("vacuum analyze")
    took = time.perf_counter() - began
    print(f"filled with {asked.cases:,} cases and {asked.events:,} events in {took:.0f} s", file=sys.stderr)


def _note_staff(here: Any, home: Path) -> None:
    """Keep who works here for the process that times the pages: each site signs its sessions with a key of its own."""
    staff = {who: [str(one.pk), one.name] for who, one in here.staff.items()}
    (home / "pages.json").write_text(json.dumps({"staff": staff}))


def _timed(site: str, only: str) -> list[dict[str, Any]]:
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "wherry.config.settings"
    django.setup()
    from django.conf import settings

    known = json.loads((Path(settings.HOME) / "pages.json").read_text())
    addresses = _staff_pages(known) if site == "staff" else _person_pages()
    trivial = _median(*addresses.pop("trivial"))[0]
    lines = []
    for name, (client, address) in addresses.items():
        if only not in name:
            continue
        milliseconds, queries, status = _median(client, address)
        ratio = round(milliseconds / trivial, 1)
        lines.append({"page": name, "ms": milliseconds, "queries": queries, "status": status, "ratio": ratio})
    return [{"page": f"trivial ({site})", "ms": trivial, "queries": 0, "status": 0, "ratio": 1.0}, *lines]


def _staff_pages(known: dict[str, Any]) -> dict[str, tuple[Any, str]]:
    from django.test import Client
    from django.urls import NoReverseMatch, reverse

    from tests.support.lists import County

    staff: Any = {who: SimpleNamespace(pk=pk, name=name) for who, (pk, name) in known["staff"].items()}
    nobody: Any = None
    signed_in = cache(County(nobody, {}, staff, nobody, nobody).signed_in)

    found = {"trivial": (Client(), reverse("office_funnel"))}
    for name, who in PLAIN.items():
        with contextlib.suppress(NoReverseMatch):
            found[name] = (signed_in(who), reverse(name))
    lists = signed_in("clinician")
    for prefix, page in (("clinicians_list", found["clinicians_lists"]), ("partners_call", found["partners_inbox"])):
        found |= {f"{prefix}{end}": one for end, one in _linked(page, prefix)}
    if "clinicians_list" in found:
        found |= {name: one for name, one in _linked_all((lists, found["clinicians_list"][1]), "entries/")}
    began = signed_in("caller").post(reverse("support_next"))
    if began.status_code == 302 and "/task/" in began["Location"]:
        found["support_task"] = (signed_in("caller"), began["Location"])
    return found


def _linked(page: tuple[Any, str], prefix: str) -> Iterator[tuple[str, tuple[Any, str]]]:
    """Find the first page that a list links to."""
    yield from (("", one) for _, one in list(_linked_all(page, "/"))[:1])


def _linked_all(page: tuple[Any, str], part: str) -> Iterator[tuple[str, tuple[Any, str]]]:
    import re

    client, address = page
    body = client.get(address).content.decode()
    uuids = re.findall(r'href="(/(?:clinicians|partners)/[a-z]+/[0-9a-f-]{36}(?:/[a-z]+)?)[^"]*"', body)
    for found in [one for one in dict.fromkeys(uuids) if part in one][:1]:
        yield "clinicians_entry" if "entries" in found else found, (client, found)


def _person_pages() -> dict[str, tuple[Any, str]]:
    from django.test import Client
    from django.urls import reverse

    names = ("person_code", "person_verify")
    found: dict[str, tuple[Any, str]] = {"trivial": (Client(), reverse("person_verify"))}
    for name in names:
        found[name] = (Client(), reverse(name))
    found["person_link"] = (Client(), reverse("person_link", args=["notalinkthatanybodyknows"]))
    return found


def _median(client: Any, address: str) -> tuple[float, int, int]:
    """Ask for a page a few times; give the median milliseconds, its queries, and its status."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as queries:
        status = client.get(address).status_code
    took = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        client.get(address)
        took.append((time.perf_counter() - began) * 1_000)
    return round(statistics.median(took), 1), len(queries), status


def _report(lines: list[dict[str, Any]], asked: argparse.Namespace) -> int:
    if not lines:
        return 0
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}; median of {ROUNDS}")
    print(f"{'page':34}{'ms':>8}{'queries':>9}{'ratio':>7}  status")
    for one in lines:
        late = "  OVER BUDGET" if one["ms"] > BUDGET_MS else ""
        print(f"{one['page']:34}{one['ms']:8.1f}{one['queries']:9}{one['ratio']:7.1f}  {one['status']}{late}")
    if asked.json:
        asked.json.write_text(json.dumps({"cases": asked.cases, "events": asked.events, "pages": lines}, indent=1))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
