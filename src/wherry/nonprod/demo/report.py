"""The one page a demonstration ends with: every sum recomputed from what is stored, and checked."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import httpx

from wherry.cases.queries import cases_by_state
from wherry.database.context import acting_as
from wherry.evaluation.queries import funnel, red_flags_by_channel, summary
from wherry.evaluation.rules import balance
from wherry.feeds.queries import manifests
from wherry.foundation.actors import WORKER
from wherry.nonprod.demo.life import beside_what_was_published, what_life_brought
from wherry.population.ledger import verify

if TYPE_CHECKING:
    from wherry.nonprod.demo.story import Story


@dataclass(frozen=True)
class Result:
    """What a demonstration came to. problems: sums that do not balance, in plain words."""

    about: Mapping[str, Any]
    feeds: tuple[Mapping[str, Any], ...]
    linked: Mapping[str, Any]
    programme: Mapping[str, Any]
    life: Mapping[str, int]
    published: Mapping[str, str]
    twice: int
    problems: tuple[str, ...]

    def as_plain(self) -> dict[str, Any]:
        """Give it as plain values: no time, no id, nothing random."""
        return {
            "about": dict(self.about),
            "feeds": [dict(one) for one in self.feeds],
            "linked": dict(self.linked),
            "programme": dict(self.programme),
            "life": dict(self.life),
            "beside_what_was_published": dict(self.published),
            "messaged_twice_for_one_step": self.twice,
            "problems": list(self.problems),
        }


def result(*, story: Story) -> Result:
    """Count everything again from the store, the database and the gateway."""
    feeds = tuple(_feed(one) for one in manifests(store=story.store))
    with acting_as(WORKER):
        whole = funnel(asked_by=WORKER, programme="covid_protect")
        told = summary(asked_by=WORKER, programme="covid_protect")
        states = cases_by_state(programme="covid_protect")
        flags = red_flags_by_channel(asked_by=WORKER, programme="covid_protect")
        life = what_life_brought(red_flags=flags)
        published = beside_what_was_published(
            agreed=whole.agreed, living=story.people, contacted=whole.contacted, silent=whole.silent
        )
        found = balance(whole)
    problems = [f"{one['feed']}: rows do not add up" for one in feeds if not _adds_up(one)]
    if sum(states.values()) != whole.with_case:
        problems.append("the cases' states do not add up to the cases")
    problems += [*found, *verify(story.store)]
    if story.progress.is_done("agreed") and not whole.with_case:
        problems.append("lists were signed in this home, but its database holds no case; begin anew in another --home")
    twice = _twice(story)
    if twice:
        problems.append(f"{twice} messages went out twice for one step")
    return Result(
        about={"people": story.people, "days": story.days, "seed": story.seed},
        feeds=feeds,
        linked=_linked(story),
        programme=told,
        life=life,
        published=published,
        twice=twice,
        problems=tuple(problems),
    )


def _feed(manifest: Mapping[str, Any]) -> dict[str, Any]:
    counts = ("rows_in", "accepted", "quarantined", "duplicate")
    return {
        "feed": manifest["contract"],
        "files": sorted(manifest["files"]),
        **{name: manifest["counts"][name] for name in counts},
    }


def _adds_up(feed: Mapping[str, Any]) -> bool:
    return bool(feed["rows_in"] == feed["accepted"] + feed["quarantined"] + feed["duplicate"])


def _linked(story: Story) -> dict[str, Any]:
    lines = (story.store.path / "ledger.ndjson").read_text(encoding="utf-8").splitlines()
    runs = [json.loads(line)["about"] for line in lines if json.loads(line)["did"] == "link_people"]
    return {name: runs[-1][name] for name in ("records", "persons", "review")} if runs else {}


def _twice(story: Story) -> int:
    if not story.processes.ports:
        story.processes.start()
    headers = {"Authorization": f"Bearer {story.processes.gateway_token}"}
    counts = httpx.get(f"{story.processes.gateway}/counts", headers=headers, timeout=30, trust_env=False).json()
    return sum(1 for number in counts["by_reference"].values() if number > 1)


def page(found: Result) -> str:
    """Write the result as one page of plain text."""
    told = found.programme
    lines = ["", f"One county, {found.about['people']} invented residents, {found.about['days']} days", ""]
    lines += ["FEEDS                     rows in = accepted + quarantined + duplicate"]
    for feed in found.feeds:
        sums = f"{feed['rows_in']:7} = {feed['accepted']:8} + {feed['quarantined']:11} + {feed['duplicate']:9}"
        lines.append(f"  {feed['feed']:22}  {sums}")
    lines += ["", f"PEOPLE  {_inline(found.linked)}"]
    for title, name in _SECTIONS:
        lines += _section(title, told.get(name))
        if name == "answered_by_channel":
            lines.append(f"  {'contacted, silent':22}  {told['silent']} of {told['contacted']}")
    lines += _section("WHAT LIFE BROUGHT", found.life)
    lines += _section("BESIDE WHAT ONE COUNTY PUBLISHED (behaviour is drawn from it: no evidence)", found.published)
    lines += ["", f"Messages sent twice for one step: {found.twice}"]
    lines += ["Every sum balances." if not found.problems else "THE SUMS DO NOT BALANCE:"]
    lines += [f"  {problem}" for problem in found.problems]
    return "\n".join(lines)


_SECTIONS = (
    ("AT RISK, AND AGREED", "lists"),
    ("AT RISK, BY CATEGORY", "persons_by_category"),
    ("EVERY CASE IN ONE STATE", "persons_by_state"),
    ("CONTACTED, PEOPLE BY CHANNEL", "contacted_by_channel"),
    ("CONTACTS, BY CHANNEL", "contacts"),
    ("ANSWERED, PEOPLE BY CHANNEL", "answered_by_channel"),
    ("NEEDS, BY URGENCY", "needs"),
    ("NEEDS, BY STATE", "needs_by_state"),
    ("RED FLAGS", "red_flags"),
    ("TASKS", "tasks"),
    ("CALLS TO ACTION, BY SERVICE", "calls_to_action"),
    ("CALLS TO ACTION, BY OUTCOME", "calls_to_action_outcomes"),
)


def _section(title: str, value: object) -> list[str]:
    if not isinstance(value, Mapping) or not value:
        return []
    lines = ["", title]
    for name, inner in value.items():
        lines.append(f"  {name:28}  {_inline(inner) if isinstance(inner, Mapping) else inner}")
    if all(isinstance(inner, int) for inner in value.values()) and title.startswith("EVERY"):
        lines.append(f"  {'in all':22}  {sum(value.values())}")
    return lines


def _inline(value: Mapping[str, Any]) -> str:
    return " · ".join(
        f"{name} {_inline(inner) if isinstance(inner, Mapping) else inner}" for name, inner in value.items()
    )
