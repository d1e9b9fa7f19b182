"""What a clinician asked to be shown of a list: read from the address, turned into rows, written into links."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.db.models import F, Q, QuerySet
from django.db.models.expressions import Combinable

from wherry.review.models import Entry
from wherry.review.types import AskedAgain, Origin, SinceLast, Verdict

#: How many people a page may show; the first is what nobody chose.
SIZES = (50, 100)
#: What can be asked of where an entry stands. The words are the page's own.
STATES: dict[str, tuple[str, Q]] = {
    "asked": ("Asked again", ~Q(asked_again="")),
    "expired": ("Asked again: the time ran out", Q(asked_again=AskedAgain.EXPIRED)),
    "new_evidence": ("Asked again: something new", Q(asked_again=AskedAgain.NEW_EVIDENCE)),
    "new": ("New since the last list", Q(since_last=SinceLast.NEW)),
    "changed": ("Changed since the last list", Q(since_last=SinceLast.CHANGED)),
    "missing": ("Something was missing", ~Q(missing=[])),
    "undecided": ("Nobody decided yet", Q(verdict_reason="")),
    "kept": ("On the list", Q(verdict=Verdict.KEPT)),
    "removed": ("Taken off", Q(verdict=Verdict.REMOVED)),
    "added": ("Added by a clinician", Q(origin=Origin.ADDED)),
}
_BY_NAME = ("family_name", "given_name", "id")
_BY_SCORE = F("score").desc(nulls_last=True)
SORTS: dict[str, tuple[str, tuple[str | Combinable, ...]]] = {
    "tier": ("Most at risk first", ("tier", _BY_SCORE, *_BY_NAME)),
    "name": ("Name", _BY_NAME),
    "age": ("Oldest first", ("birth_date", *_BY_NAME)),
    "score": ("Highest score first", (_BY_SCORE, *_BY_NAME)),
    "practice": ("Practice", ("practice_code", *_BY_NAME)),
}


@dataclass(frozen=True)
class Asked:
    """What to show: every field empty is everybody. size: people a page; page: from 1, as typed."""

    practice: str = ""
    category: str = ""
    tier: str = ""
    state: str = ""
    criterion: str = ""
    sort: str = "tier"
    size: int = SIZES[0]
    page: str = ""

    @property
    def is_narrowed(self) -> bool:
        """Say whether some people of the list are left out."""
        return bool(self.practice or self.category or self.tier or self.state or self.criterion)

    def rows_of(self, entries: QuerySet[Entry]) -> QuerySet[Entry]:
        """Narrow and order a list's entries."""
        rows = entries
        if self.practice:
            rows = rows.filter(practice_code="" if self.practice == "none" else self.practice)
        if self.category:
            rows = rows.filter(category=self.category)
        if self.tier:
            rows = rows.filter(tier=int(self.tier))
        if self.criterion:
            rows = rows.filter(reasons__criterion=self.criterion).distinct()
        if self.state:
            rows = rows.filter(STATES[self.state][1])
        return rows.order_by(*SORTS[self.sort][1])

    def query(self, **changed: object) -> str:
        """Write it as the part of an address after the question mark, with some of it changed."""
        asked = replace(self, **changed)  # type: ignore[arg-type]
        plain = Asked()
        names = ("practice", "category", "tier", "state", "criterion", "sort", "size", "page")
        return urlencode({n: getattr(asked, n) for n in names if getattr(asked, n) != getattr(plain, n)})


def asked_for(given: Mapping[str, str]) -> Asked:
    """Read what is asked for; what names nothing asks for nothing."""
    size, tier = given.get("size", ""), given.get("tier", "")
    return Asked(
        practice=given.get("practice", "").replace("\0", ""),
        category=given.get("category", "").replace("\0", ""),
        tier=tier if tier.isdecimal() and len(tier) < 4 else "",
        state=given.get("state", "") if given.get("state") in STATES else "",
        criterion=given.get("criterion", "").replace("\0", ""),
        sort=given.get("sort", "") if given.get("sort") in SORTS else "tier",
        size=int(size) if size.isdecimal() and int(size) in SIZES else SIZES[0],
        page=given.get("page", ""),
    )
