"""What is looked at rather than read: the funnel, the time to contact, the backlog by day. Counts in, charts out."""

from __future__ import annotations

from collections.abc import Sequence

from wherry.evaluation.rules import share
from wherry.evaluation.types import ByDay, Funnel, Took
from wherry.web.components.charts import Bar, Chart, bar_chart, column_chart


def funnel(counted: Funnel) -> Chart:
    """Draw the steps from found to helped, each with its share of those agreed."""
    agreed = counted.agreed
    bars = [
        Bar(words, people, f"{people:,}{_of_agreed(people, agreed) if at > 1 else ''}")
        for at, (words, people) in enumerate(steps(counted))
    ]
    return bar_chart(
        name="steps", title="From found to helped", bars=bars if counted.identified or counted.with_case else []
    )


#: A step beside the way, not on it: whoever is telephoned answers without a link.
OPENED = "Opened the link"


def steps(counted: Funnel) -> tuple[tuple[str, int], ...]:
    """Name the steps of the funnel in order, with the people who came as far as each."""
    return (
        ("Found or added", counted.identified + counted.added),
        ("Agreed by clinicians", counted.agreed),
        ("With a case", counted.with_case),
        ("Contacted", counted.contacted),
        (OPENED, counted.opened),
        ("Answered, by any channel", counted.answered),
        ("Asked for help", counted.asked),
        ("Say it helped", counted.helped),
    )


def time_to_contact(took: Sequence[Took]) -> Chart:
    """Draw how many people were first contacted within so many days of joining; those not yet, in the alarm colour."""
    bars = [
        Bar(
            one.words.removeprefix("within ").capitalize(),
            one.people,
            f"{one.people:,}",
            "alarm" if one.words == "not yet" else "main",
        )
        for one in took
    ]
    return column_chart(
        name="took",
        title="Days from joining to the first contact",
        bars=bars if any(one.people for one in took) else [],
        description="; ".join(f"{one.words}: {one.people:,}" for one in took),
    )


def backlog(days: Sequence[ByDay]) -> Chart:
    """Draw how many tasks waited at the end of each day."""
    bars = [Bar(f"{one.day:%-d %b}", one.waiting, f"{one.waiting:,}") for one in days]
    return column_chart(
        name="backlog",
        title="Tasks waiting at the end of each day",
        bars=bars if any(one.waiting or one.came for one in days) else [],
    )


def _of_agreed(people: int, agreed: int) -> str:
    part = share(part=people, whole=agreed)
    return "" if part is None else f" ({part:.0%})"
