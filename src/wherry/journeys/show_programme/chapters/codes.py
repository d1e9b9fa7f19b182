"""`codelists/`: every list with its codes, and where it comes from."""

from __future__ import annotations

from collections.abc import Mapping

from wherry.journeys.show_programme.saying import SYSTEMS, first_up, listed, many, said, spaced
from wherry.journeys.show_programme.types import Chapter, Item, Part, Said, Words
from wherry.programmes.types import Codelist

KEY, TITLE = "codelists", "Lists of codes"


def chapter(lists: Mapping[str, Codelist]) -> Chapter | None:
    """Say every list; None where there is none."""
    items = tuple(_list(name, one) for name, one in sorted(lists.items()))
    return Chapter(KEY, TITLE, (Part("", items),)) if items else None


def _list(name: str, one: Codelist) -> Item:
    system = SYSTEMS.get(one.system, one.system)
    told = [Said("", (Words(f"{many(len(one.pairs), 'code')} of {system}"),), raw=system)]
    if one.illustrative:
        told.append(said("Illustrative", "A small sample, not for clinical use"))
    told += [said("Where from", one.source)] if one.source else []
    told += [said("Licence", one.licence)] if one.licence else []
    told += [said("Units a value may be in", listed(one.units, last="or"))] if one.units else []
    told += [said(first_up(spaced(key)), words) for key, words in one.about.items()]
    told += [said(code, term) for code, term in one.pairs.items()]
    return Item(f"list.{name}", first_up(spaced(name)), tuple(told), code=name)
