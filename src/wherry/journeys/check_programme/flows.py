"""
Every flow, on every day the version is meant to be in force: by what right, and by whose leave.

A flow is a kind of processing that needs a lawful basis, or an organisation that sends, takes part or receives and
needs an agreement. What is not covered is named by its dates. Hazard: H-08 (somebody sees a person they have no
business with).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from wherry.foundation.periods import Period, uncovered
from wherry.foundation.problems import Problem
from wherry.governance.definition import agreements as governance
from wherry.governance.definition.agreements import Agreement
from wherry.organisations.types import Purpose
from wherry.programmes import definition as programmes
from wherry.programmes.definition import KINDS_OF_BASIS, Programme
from wherry.programmes.types import Layer, ProgrammeFiles
from wherry.referrals import definition as referrals
from wherry.risk import definition as risk


@dataclass(frozen=True)
class _Flow:
    """
    One thing that may only happen under an agreement.

    words: who lacks what, as "icb, which leads, has no agreement for care"; where: file and line of what asks for it;
    serves: whether an agreement is of the kind that lets it happen.
    """

    words: str
    place: str
    where: tuple[str, int]
    serves: Callable[[Agreement], bool]


def flow_problems(files: ProgrammeFiles, parsed: Mapping[str, Any], *, is_known: bool = False) -> list[Problem]:
    """
    Find each stretch of `in_force` without a lawful basis of some kind, or without the agreement a flow needs.

    is_known: the centre was looked at before, for every place; only what this place has of its own is asked about.
    """
    programme: Programme | None = parsed.get(programmes.SECTION)
    if programme is None or programme.in_force is None:
        return []
    found = list(_without_basis(files, programme, programme.in_force))
    agreed: tuple[Agreement, ...] | None = parsed.get(governance.SECTION)
    if agreed is not None:
        found += _places_unknown(files, programme, agreed)
        found += _without_agreement(files, agreed, programme.in_force, list(_flows(files, programme, parsed, is_known)))
    return found


def _without_basis(files: ProgrammeFiles, programme: Programme, whole: Period) -> Iterator[Problem]:
    section = files.sections[programmes.SECTION]
    for kind in KINDS_OF_BASIS:
        these = [(at, one) for at, one in enumerate(programme.lawful_basis) if one.kind == kind]
        periods = [Period(one.starts_on, one.ends_on) for _, one in these]
        for gap in uncovered(whole=whole, by=periods) if these else ():
            at, key = _nearest([(at, period) for (at, _), period in zip(these, periods, strict=True)], gap)
            what = f"no basis of the kind {kind} holds {_days(gap)}, when this version is in force"
            line = section.line("lawful_basis", at, key)
            yield Problem(section.path, line, what, "extend one, add one that follows, or shorten in_force")


def _places_unknown(files: ProgrammeFiles, programme: Programme, agreed: Sequence[Agreement]) -> Iterator[Problem]:
    section = files.sections[governance.SECTION]
    for at, one in enumerate(agreed):
        for place in one.places:
            if place not in programme.places:
                line, mend = section.line("agreements", at, "places"), f"use one of {', '.join(programme.places)}"
                yield Problem(section.path, line, f"{place} is no place of this programme", mend)


def _flows(files: ProgrammeFiles, programme: Programme, parsed: Mapping[str, Any], is_known: bool) -> Iterator[_Flow]:
    about, lead = files.sections[programmes.SECTION], programme.lead_organisation
    named = (about.path, about.line("lead_organisation"))
    for place in [files.place] if files.place else programme.places:
        yield from _deliveries(files, parsed, place, is_known)
        if is_known:
            continue
        for purpose in (Purpose.CARE, Purpose.OVERSIGHT):
            yield _Flow(
                f"{lead}, which leads, has no agreement for {purpose}", place, named, _takes_part(lead, purpose)
            )
        ringing = "nobody has an agreement for support, to ring people,"
        yield _Flow(ringing, place, named, _takes_part("", Purpose.SUPPORT))
        yield from _feeds(files, parsed, place)


def _deliveries(files: ProgrammeFiles, parsed: Mapping[str, Any], place: str, is_known: bool) -> Iterator[_Flow]:
    services = parsed.get(referrals.SECTION)
    for at, one in enumerate(services.listed if services else ()):
        origin = files.origin(referrals.SECTION, "services", at, "organisation")
        if place in one.places and not (is_known and origin.layer is Layer.CENTRAL):
            words = f"{one.organisation}, whose service is {one.code}, has no agreement for delivery"
            serves = _takes_part(one.organisation, Purpose.DELIVERY)
            yield _Flow(words, place, (origin.file, origin.line), serves)


def _feeds(files: ProgrammeFiles, parsed: Mapping[str, Any], place: str) -> Iterator[_Flow]:
    if risk.SECTION not in parsed:
        return
    section = files.sections[risk.SECTION]
    for name in section.data.get("sources", {}):
        where = (section.path, section.line("sources", name))
        yield _Flow(f"nobody has an agreement to send {name}, which risk.yaml reads,", place, where, _sends(name))


def _takes_part(organisation: str, purpose: Purpose) -> Callable[[Agreement], bool]:
    return lambda one: purpose in one.takes_part and organisation in ("", one.organisation)


def _sends(name: str) -> Callable[[Agreement], bool]:
    return lambda one: name in one.feeds


def _without_agreement(
    files: ProgrammeFiles, agreed: Sequence[Agreement], whole: Period, flows: Sequence[_Flow]
) -> Iterator[Problem]:
    section = files.sections[governance.SECTION]
    lacking: dict[tuple[str, int, str, str, str], list[str]] = {}
    for flow in flows:
        these = [(at, one.period) for at, one in enumerate(agreed) if flow.serves(one) and one.holds_in(flow.place)]
        for gap in uncovered(whole=whole, by=[period for _, period in these]):
            file, line, mend = *flow.where, "add the agreement to agreements.yaml"
            if these:
                at, key = _nearest(these, gap)
                file, line, mend = (
                    section.path,
                    section.line("agreements", at, key),
                    "extend it, or add one that follows",
                )
            key_of_it = (file, line, flow.words, _days(gap), mend)
            places = lacking.setdefault(key_of_it, [])
            places += [flow.place] if flow.place not in places else []
    for (file, line, words, days, mend), places in lacking.items():
        yield Problem(file, line, f"{words} in {' and '.join(places)} {days}", mend)


def _nearest(these: Sequence[tuple[int, Period]], gap: Period) -> tuple[int, str]:
    """Give which of some periods to mend, and which of its ends: the last that ends before the gap, else the next."""
    before = [(period.ends_on, at) for at, period in these if period.ends_on and period.ends_on < gap.starts_on]
    if before:
        return max(before)[1], "until"
    return min((period.starts_on, at) for at, period in these)[1], "from"


def _days(gap: Period) -> str:
    return f"on {gap.starts_on}" if gap.starts_on == gap.ends_on else f"from {gap.starts_on} to {gap.ends_on}"
