"""`triage.yaml`: what answers come to, as a table: if these answers, then this need, this soon, and these words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from wherry.journeys.show_programme.chapters.found import raw
from wherry.journeys.show_programme.saying import derived, in_languages, listed, said, spaced, take
from wherry.journeys.show_programme.source import Source
from wherry.journeys.show_programme.types import Item, Part, Said, Shape, Words

TITLE = "What answers come to"
_SOON = {
    "emergency": "Emergency: within minutes",
    "today": "Today",
    "soon": "Soon: within two days",
    "routine": "Routine: within the week",
}


def parts(rest: Any, source: Source) -> tuple[Part, ...]:
    """Say every row of the table, the red flags in a table of their own, then the words it uses."""
    rows = list(enumerate(take(rest, "rules")))
    intro = (
        "Every row whose answers fit counts, and the most urgent decides. What is not known counts as the worse case."
    )
    flags = tuple(_row(at, one, source) for at, one in rows if "red_flag" in one)
    others = tuple(_row(at, one, source) for at, one in rows if one.get("id"))
    return (
        Part("Red flags", flags, Shape.TABLE, (_who_owns_a_red_flag(source),)),
        Part("Everything else", others, Shape.TABLE, (intro,)),
        Part("What is done when a question that finds danger is left out", tuple(_incomplete(rest, source))),
        Part("What means that somebody does not want it", tuple(_declines(rest, source))),
        Part("The needs, as residents read them", tuple(_needs(rest, source))),
        Part("What is known of a person", tuple(_context(take(rest, "context", {})))),
    )


def _who_owns_a_red_flag(source: Source) -> str:
    programme = source.data("programme")
    chain = ", then the ".join(map(spaced, programme.get("escalation") or ()))
    if not chain:
        return "A red flag is owned by whoever the programme names."
    return f"Somebody owns it within {programme.get('red_flag_minutes')} minutes: the {chain}."


def _row(at: int, one: Any, source: Source) -> Item:
    code, when = str(take(one, "id")), take(one, "when")
    raws = raw(when)
    need, flag = take(one, "need"), take(one, "red_flag")
    told = [
        Said("If", tuple(Words(line) for line in _conditions(when, source)), raw=raws),
        Said("Need", (Words(source.need(need) if need else "none"),), raw=str(need)),
        said("How soon", _SOON.get(one["urgency"], one["urgency"])),
        said("What staff read", take(one, "words")),
    ]
    take(one, "urgency")
    told += [said("Red flag", spaced(flag))] if flag and flag != code else []
    told += [in_languages("What they read at once", take(one, "say"))] if "say" in one else []
    told += [said("Service asked first", take(one, "service"))] if "service" in one else []
    if need and not flag:
        takers = source.takers.get(need, ())
        told.append(derived("Who may take it", listed(takers, last="or") if takers else "a caller of the team"))
    return Item(f"rules.{code}", spaced(code), tuple(told), ("rules", at), code=code, is_grave=bool(flag))


def _conditions(when: Any, source: Source) -> Iterator[str]:
    yield from (condition(name, told, source) for name, told in when.items() if name != "any")
    alternatives = when.get("any") or ()
    if alternatives:
        yield "and any one of:" if len(when) > 1 else "any one of:"
        for one in alternatives:
            yield f"• {listed(condition(name, told, source) for name, told in one.items())}"
    when.clear()


def condition(name: str, told: Any, source: Source) -> str:
    """Say one condition of a row: a question and its answers, or something known of the person."""
    if name not in source.questions:
        return f"{spaced(name)} {told}"
    asked, options = f"“{source.question(name)}”", source.options(name)
    if told is True:
        return f"{asked} is ticked"
    if told == "any answer":
        return f"{asked} has any answer"
    code = str(told).split()[-1]
    words, badness = options.get(code, (code, None))
    if str(told).startswith("is ") or badness is None:
        return f"{asked} is “{words}”"
    ranked = sorted((rank, text) for text, rank in options.values() if rank is not None and rank > badness)
    worse = [text for _, text in ranked]
    or_worse = f", or worse: {listed([f'“{one}”' for one in worse], last='or')}" if worse else ""
    return f"{asked} is “{words}”{or_worse}"


def _incomplete(rest: Any, source: Source) -> Iterator[Item]:
    one = take(rest, "incomplete")
    if one:
        need = take(one, "need")
        told = (
            Said("Need", (Words(source.need(need)),), raw=str(need)),
            said("How soon", _SOON.get(one["urgency"], take(one, "urgency"))),
            said("What staff read", take(one, "words")),
        )
        take(one, "urgency")
        yield Item("incomplete", "It is asked again", told, ("incomplete",), is_grave=True)


def _declines(rest: Any, source: Source) -> Iterator[Item]:
    for at, when in enumerate(take(rest, "declines", ())):
        raws = raw(when)
        told = Said("If", tuple(Words(line) for line in _conditions(when, source)), raw=raws)
        yield Item(f"declines.{raws}", f"Answer {at + 1}", (told,), ("declines", at))


def _needs(rest: Any, source: Source) -> Iterator[Item]:
    by_link = take(rest, "named_by_link", ())
    for code, texts in take(rest, "needs").items():
        told = [in_languages("", texts)]
        told += [said("Named", "to whoever holds the link and knows the date of birth")] if code in by_link else []
        yield Item(f"needs.{code}", spaced(code), tuple(told), ("needs", code), code=str(code))
    strangers = [one for one in by_link if one not in source.data("triage").get("needs", {})]
    if strangers:
        yield Item("named_by_link", "Named by link", (said("", listed(strangers)),))


def _context(known: Mapping[str, Any]) -> Iterator[Item]:
    for name, kind in known.items():
        told = []
        if "scale" in kind:
            told.append(said("From least to most at risk", ", ".join(map(str, take(kind, "scale")))))
        if "number" in kind:
            told.append(said("A number of", take(kind, "number")))
        yield Item(f"context.{name}", spaced(name), tuple(told), ("context", name), code=name)
