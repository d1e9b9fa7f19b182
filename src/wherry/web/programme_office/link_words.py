"""Links in words: why two records may be one person, what was said of them, what taking them apart comes to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from wherry.foundation.periods import local_time
from wherry.journeys.review_links import Consequences, Linked, Pair, Told
from wherry.people.link_review import Separation, Side, Waiting
from wherry.people.linkage.types import Answer, Decided, Verdict
from wherry.people.records import Likeness
from wherry.web.components.forms import Params
from wherry.web.components.pieces import Status

NEEDED = {"verdict": "Choose one of the three", "why": "Say why, for whoever looks next"}
#: What was done on the page before, by the word its address carries.
DONE = {
    "same": "Kept: the same person. The next linking run joins the two.",
    "second": "Kept. The two records conflict, so nothing changes until a second person says the same.",
    "not_same": "Kept: not the same person. No later run joins them.",
    "apart": "Kept. From now on nobody writes to them. The next linking run makes two people of them again.",
    "unsure": "Kept: somebody else is asked.",
    "before": "You had said so before; nothing was changed.",
    "confirmed": "Confirmed. Both people may be written to again.",
}
_SAID = {
    Verdict.SAME: "said they are the same person",
    Verdict.NOT_SAME: "said they are not the same person",
    Verdict.UNSURE: "was not sure, and asked somebody else",
}
_COLOURS = {
    Likeness.SAME: Status("Same", "green"),
    Likeness.ALIKE: Status("Alike", "yellow"),
    Likeness.DIFFERENT: Status("Different", "red"),
    Likeness.MISSING: Status("Not in both", "grey"),
}


def done(decided: Decided) -> str:
    """Name what an answer came to, as an address carries it to the next page."""
    if not decided.is_new:
        return "before"
    if decided.waits_for_another:
        return "second"
    return "apart" if decided.is_held else str(decided.verdict)


def sentence(refused: Exception) -> str:
    """Write what was refused as an error beside a field."""
    words = str(refused).split(";")[0]
    return words[:1].upper() + words[1:]


def summary_of(errors: Mapping[str, str]) -> Params | None:
    """Give the summary of a page whose choice is a table of ticks."""
    if not errors:
        return None
    listed = [
        {"text": words, "href": "#record-1" if name == "record" else f"#{name}"} for name, words in errors.items()
    ]
    return {"titleText": "There is a problem", "errorList": listed}


def card(one: Waiting, *, names: Mapping[str, str], today: dt.date, to: str) -> dict[str, object]:
    """Describe a pair that waits, without a value of anybody."""
    statuses = [Status(_likely(one.score), "blue")]
    if one.stops_contact:
        statuses.insert(0, Status("Stops contact", "red"))
    if one.is_passed_on:
        statuses.append(Status("Passed on", "yellow"))
    return {
        "to": to,
        "heading": f"{source_of(one.left)} and {source_of(one.right)}",
        "statuses": statuses,
        "why": _upper(f"{one.evidence}; {one.why}"),
        "age": _age(one.since, today),
        "more": f"the same two people have {one.alike_pairs - 1} more {_pairs(one.alike_pairs - 1)} of records alike"
        if one.alike_pairs > 1
        else "",
        "said": [said(each, names=names) for each in one.said],
    }


def source_of(record_id: str) -> str:
    """Give the sender of a record, as far as its id says; never the sender's number of the person."""
    return _upper(record_id.split("|")[0].replace("_", " "))


def said(one: Answer, *, names: Mapping[str, str]) -> str:
    """Write what somebody said of a pair, when, and why."""
    who = names.get(one.by, one.by)
    return f"{who} {_SAID[one.verdict]} on {local_time(one.at):%-d %B %Y}: {one.why}"


def sides(pair: Pair) -> tuple[str, str]:
    """Head each of the two columns with its sender; two of one sender are the first and the second."""
    left, right = (_upper(one.source.replace("_", " ")) for one in (pair.left, pair.right))
    return (f"{left}, first", f"{right}, second") if left == right else (left, right)


def others(pair: Pair) -> list[str]:
    """Say how many other records each of the two people has, where there are any."""
    named = zip(("first", "second"), pair.others, strict=True)
    return [f"The {which} person has {_many(more, 'other record')}." for which, more in named if more > 0]


def compared_rows(pair: Pair) -> list[list[str | Status]]:
    """Write the comparison as rows: field, the one, the other, how they stand."""
    rows: list[list[str | Status]] = [
        [one.name, one.left or "–", one.right or "–", _COLOURS[one.likeness]] for one in pair.compared
    ]
    days = [f"{one.recorded_on:%-d %B %Y}" if one.recorded_on else "–" for one in (pair.left, pair.right)]
    return [*rows, ["Recorded", *days, ""]]


def linked(one: Linked) -> dict[str, object]:
    """Describe one of a person's records and why it is theirs."""
    shown = one.shown
    written = [f"{shown.given_name} {shown.family_name}".strip(), shown.nhs_number and f"NHS number {shown.nhs_number}"]
    born = f"born {shown.birth_date:%-d %B %Y}" if shown.birth_date else ""
    return {
        "id": shown.record_id,
        "source": _upper(shown.source.replace("_", " ")),
        "recorded_on": f"{shown.recorded_on:%-d %B %Y}" if shown.recorded_on else "",
        "written": ", ".join(each for each in (*written, born, shown.address, shown.postcode) if each),
        "why": _upper(one.evidence) if one.score is not None else "It was the first",
        "likely": _likely(one.score) if one.score is not None else "",
    }


def consequences(found: Consequences) -> dict[str, object]:
    """Write what taking records out comes to, before anybody decides."""
    return {
        "going": _counted(found.going),
        "staying": _counted(found.staying),
        "told": told(found.told),
    }


def told(found: Told) -> list[str]:
    """List what was done for the person so far, and who was told what."""
    if not found.cases:
        return ["They have no case, so nobody was written to, rung or told about them."]
    sent = [f"{_many(count, 'message')} went to a number or address from {source}" for source, count in found.messages]
    return [
        f"{_many(found.cases, 'case')} {'stand' if found.cases > 1 else 'stands'} still until somebody confirms.",
        *(sent or ["No message has gone out."]),
        f"{_many(found.tasks, 'call or other task', 'calls or other tasks')} about them was done by people."
        if found.tasks == 1
        else f"{_many(found.tasks, 'call or other task', 'calls or other tasks')} about them were done by people.",
        f"Told of them: {', '.join(found.partners)}." if found.partners else "No partner was told of them.",
    ]


def separation(one: Separation, *, names: Mapping[str, str]) -> dict[str, object]:
    """Describe records taken apart and not confirmed yet."""
    return {
        "heading": f"{len(one.records)} records, {_many(len(one.people), 'person', 'people')} held",
        "by": f"{names.get(one.by, one.by)} on {local_time(one.at):%-d %B %Y}: {one.why}",
        "sources": ", ".join(sorted({source_of(each) for each in one.records})),
        "is_done": len(one.people) > 1,
    }


def _counted(side: Side) -> str:
    senders = ", ".join(each.replace("_", " ") for each in side.sources)
    counts = (
        _many(side.facts, "fact"),
        _many(side.contact_points, "number or address", "numbers or addresses"),
        _many(side.wishes, "wish", "wishes"),
    )
    return f"{_many(side.records, 'record')} of {senders}: {', '.join(counts)}"


def _many(count: int, one: str, several: str = "") -> str:
    return f"{count:,} {one if count == 1 else several or one + 's'}"


def _pairs(count: int) -> str:
    return "pair" if count == 1 else "pairs"


def _likely(score: float) -> str:
    return "Almost certain" if score >= 0.99 else "Likely" if score >= 0.9 else "Possible"


def _age(since: dt.date | None, today: dt.date) -> str:
    if since is None:
        return "Waiting since a day nobody noted"
    days = (today - since).days
    return "Waiting since today" if days <= 0 else f"Waiting for {days} day{'s' if days > 1 else ''}"


def _upper(words: str) -> str:
    return words[:1].upper() + words[1:]
