"""
What every page of every site costs the server with 20,000 residents behind it: about 1,000 cases and 20,000 events.

Each page: median and least milliseconds of a Django client's request as the site's own database role, its queries, and
how many times a trivial page's time that is (the sign-in page, how we contact you), asked for by turns with it.

Run: .venv/bin/python benchmarks/pages.py [--cases 1000] [--events 20000] [--json FILE] [--only TEXT]
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]  # the tests' support fills the database

#: Every page of the staff sites that is looked at: whom it is for, and which id its address names.
STAFF = {
    "home": ("clinician", ""),
    "sign_in": ("", ""),
    "sign_in_people": ("lead", ""),
    "support_today": ("caller", ""),
    "support_task": ("caller", "task"),
    "support_team": ("supervisor", ""),
    "support_ringing_in": ("supervisor", ""),
    "clinicians_lists": ("clinician", ""),
    "clinicians_list": ("clinician", "list"),
    "clinicians_practices": ("clinician", "list"),
    "clinicians_add": ("clinician", "list"),
    "clinicians_sign": ("clinician", "list"),
    "clinicians_entry": ("clinician", "entry"),
    "partners_inbox": ("food", ""),
    "partners_call": ("food", "call"),
    "partners_demand": ("food", ""),
    "partners_capacity": ("food", ""),
    "office_huddle": ("lead", ""),
    "office_funnel": ("lead", ""),
    "office_stuck": ("lead", ""),
    "office_feeds": ("lead", ""),
    "office_decisions": ("lead", ""),
    "office_access": ("guardian", ""),
    "office_agreements": ("lead", ""),
    "office_sending": ("lead", ""),
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
            done = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True)
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
        _note(here, home)
    landed_feeds(home, names=[one.name for one in contracts()])
    with connection.cursor() as cursor:
        cursor.execute("vacuum analyze")
    took = time.perf_counter() - began
    print(f"filled with {asked.cases:,} cases and {asked.events:,} events in {took:.0f} s", file=sys.stderr)


def _note(here: Any, home: Path) -> None:
    """
    Keep what the processes that time the pages need: who works here, one id of each kind, and one resident's link.

    Sessions are made there: each site signs with a key of its own.
    """
    from tests.support.county_of_one import link_to
    from wherry.cases.models import Occurrence
    from wherry.checkin.models import Invitation
    from wherry.database.context import acting_as
    from wherry.foundation.actors import WORKER
    from wherry.referrals.models import CallToAction
    from wherry.review.models import Entry

    with acting_as(WORKER):
        entry = Entry.objects.filter(at_risk_list__state="in_review").earliest("population_id")
        call = CallToAction.objects.filter(partner__code="food_hub", state="offered").earliest("clock_ends_at")
        last = Occurrence.objects.filter(state="in_cadence").select_related("case__person").latest("opened_at")
        Invitation.objects.filter(occurrence=last).update(state="revoked")
        token = link_to(occurrence=last, now=here.now)[1]
    born = last.case.person.birth_date
    known = {
        "staff": {who: [str(one.pk), one.name] for who, one in here.staff.items()},
        "ids": {"list": str(entry.at_risk_list_id), "entry": str(entry.pk), "call": str(call.pk)},
        "token": token,
        "born": {"born-day": born.day, "born-month": born.month, "born-year": born.year},
    }
    (home / "pages.json").write_text(json.dumps(known))


def _timed(site: str, only: str) -> list[dict[str, Any]]:
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "wherry.config.settings"
    django.setup()
    from django.conf import settings

    known = json.loads((Path(settings.HOME) / "pages.json").read_text())
    addresses = _staff_pages(known) if site == "staff" else _person_pages(known)
    trivial = addresses.pop("trivial")
    return [_line(name, page, trivial) for name, page in addresses.items() if only in name]


def _line(name: str, page: tuple[Any, str], trivial: tuple[Any, str]) -> dict[str, Any]:
    """Time a page and the trivial one by turns, so that whatever else the machine does weighs on both alike."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client, address = page
    with CaptureQueriesContext(connection) as queries:
        status = client.get(address).status_code
    asked = len(queries)  # now: the log is emptied when the next request begins
    if status != 200:
        raise SystemExit(f"{name} answered {status}: what it costs to refuse is not what is asked here")
    took: list[float] = []
    beside: list[float] = []
    for _ in range(ROUNDS):
        beside.append(_once(*trivial))
        took.append(_once(client, address))
    middle = statistics.median(took)
    return {
        "page": name,
        "ms": round(middle, 1),
        "least_ms": round(min(took), 1),
        "queries": asked,
        "ratio": round(middle / statistics.median(beside), 1),
    }


def _once(client: Any, address: str) -> float:
    began = time.perf_counter()
    client.get(address)
    return (time.perf_counter() - began) * 1_000


def _staff_pages(known: dict[str, Any]) -> dict[str, tuple[Any, str]]:
    from django.test import Client
    from django.urls import reverse

    from tests.support.lists import County

    staff: Any = {who: SimpleNamespace(pk=pk, name=name) for who, (pk, name) in known["staff"].items()}
    nobody: Any = None
    signed_in = cache(County(nobody, {}, staff, nobody, nobody).signed_in)
    ids = known["ids"]
    began = signed_in("caller").post(reverse("support_next"))
    ids["task"] = began["Location"].rstrip("/").rpartition("/")[2]
    found = {"trivial": (Client(), reverse("sign_in"))}
    for name, (who, about) in STAFF.items():
        found[name] = (signed_in(who) if who else Client(), reverse(name, args=[ids[about]] if about else []))
    return found


def _person_pages(known: dict[str, Any]) -> dict[str, tuple[Any, str]]:
    from django.test import Client
    from django.urls import reverse

    resident, nobody = Client(), Client()
    link = reverse("person_link", args=[known["token"]])
    first = resident.post(link, known["born"])["Location"]
    first = resident.get(first).headers.get("Location", first)
    return {
        "trivial": (nobody, reverse("person_verify")),
        "person_code": (nobody, reverse("person_code")),
        "person_verify": (nobody, reverse("person_verify")),
        "person_link": (nobody, link),
        "person_page": (resident, first),
    }


def _report(lines: list[dict[str, Any]], asked: argparse.Namespace) -> int:
    if not lines:
        return 0
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}; {ROUNDS} rounds")
    print(f"{'page':24}{'median ms':>10}{'least ms':>10}{'queries':>9}{'ratio':>7}")
    for one in lines:
        late = "  OVER BUDGET" if one["least_ms"] > BUDGET_MS else ""
        print(f"{one['page']:24}{one['ms']:10.1f}{one['least_ms']:10.1f}{one['queries']:9}{one['ratio']:7.1f}{late}")
    if asked.json:
        asked.json.write_text(json.dumps({"cases": asked.cases, "events": asked.events, "pages": lines}, indent=1))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
