"""When two records are one person, may be, or can never be. Pure; a wrong link harms more than a missed one."""

from __future__ import annotations

import datetime as dt

from wherry.people.linkage.names import are_close, likeness
from wherry.people.linkage.types import Conflict, Decision, Record

VERSION = "3"
LINK_AT = 0.95
REVIEW_AT = 0.5
CLEARLY_DIFFERENT = 0.8
CLOSE = 0.87
CLOSE_FOR_TWINS = 0.93


def conflict(*, left: Record, right: Record) -> Conflict | None:
    """
    Say why two records can never be one person, or None.

    Twins who share an NHS number by mistake still conflict when their given names are clearly different.
    Hazard: H-03.
    """
    same_number = left.nhs_number is not None and left.nhs_number == right.nhs_number
    if left.nhs_number and right.nhs_number and not same_number:
        return Conflict.NHS_NUMBERS_DIFFER
    if left.sex and right.sex and left.sex != right.sex and birth_dates_differ(left=left, right=right):
        return Conflict.SEX_AND_BIRTH_DATE_DIFFER
    if left.birth_date and left.birth_date == right.birth_date and left.home and left.home == right.home:
        least = CLEARLY_DIFFERENT if same_number else CLOSE_FOR_TWINS
        if left.given and right.given and not _given_agree(left, right, least):
            return Conflict.TWINS
    return None


def is_confirmed(*, left: Record, right: Record) -> bool:
    """Say whether a shared NHS number is borne out: the same birth date, or both names alike."""
    if left.birth_date and left.birth_date == right.birth_date:
        return True
    return _given_agree(left, right, CLOSE) and _family_agree(left, right)


def decide(*, left: Record, right: Record, score: float, alone_of_that_name: bool = False) -> Decision:
    """
    Decide on a pair by its score and by what agrees.

    A score alone never links: relatives share a surname, an address and a telephone, so the birth date and the given
    name must speak for it too. A strong score without them is for a person to look at.
    alone_of_that_name: nobody else in all records bears both names at this postcode; see `name_at`.
    """
    if score < REVIEW_AT:
        return Decision.LEAVE
    found = conflict(left=left, right=right)
    if found:
        # Twins and a badly mistyped name look the same to a rule; a person can tell them apart.
        may_be_one = found is Conflict.TWINS and score >= LINK_AT and _family_agree(left, right)
        return Decision.REVIEW if may_be_one else Decision.LEAVE
    if not _is_worth_a_look(left, right):
        return Decision.LEAVE
    # The score falls as a store grows, since strangers alike grow more; that nobody else is called so does not.
    only_one = alone_of_that_name and _is_the_same_name_there(left, right)
    return Decision.LINK if only_one or (score >= LINK_AT and _may_link(left, right)) else Decision.REVIEW


def name_at(record: Record) -> tuple[str, str, str] | None:
    """Give both names and the postcode, None unless all are there and neither name is an initial."""
    if not record.given or not record.family or not record.postcode or 1 in (len(record.given), len(record.family)):
        return None
    return record.given, record.family, record.postcode


def _is_the_same_name_there(left: Record, right: Record) -> bool:
    # One of them says no birth date (a call taken down by telephone, mostly), the other does and lives there. Fathers
    # and sons of one name are why this is not enough by itself; two calls from one street are not even this much.
    dated = [one for one in (left, right) if one.birth_date is not None]
    if len(dated) != 1 or dated[0].home is None:
        return False
    same_sex = not (left.sex and right.sex) or left.sex == right.sex
    return same_sex and name_at(left) is not None and name_at(left) == name_at(right)


def birth_dates_differ(*, left: Record, right: Record) -> bool:
    """Say whether both birth dates are known and are not the same."""
    return bool(left.birth_date and right.birth_date and left.birth_date != right.birth_date)


def _is_worth_a_look(left: Record, right: Record) -> bool:
    """Strangers share a birth date and a postcode, or both names; people who live together all but a birth date."""
    same_day = left.birth_date is not None and left.birth_date == right.birth_date
    if not _given_agree(left, right, CLOSE):
        return same_day and _family_agree(left, right)
    if not birth_dates_differ(left=left, right=right) or _share_home_or_contact(left, right):
        return True
    return bool(left.birth_date and right.birth_date and is_slip(left=left.birth_date, right=right.birth_date))


def _may_link(left: Record, right: Record) -> bool:
    if left.birth_date is None or right.birth_date is None:
        return False
    given, family = _given_agree(left, right, CLOSE), _family_agree(left, right)
    if left.birth_date == right.birth_date:
        return (given and (family or _share_home_or_contact(left, right))) or _swapped(left, right)
    close = is_slip(left=left.birth_date, right=right.birth_date)
    return close and given and family and _share_home_or_contact(left, right)


def is_slip(*, left: dt.date, right: dt.date) -> bool:
    """Say whether two dates differ by one mistyped digit or by day and month changed about."""
    if left.year == right.year and (left.month, left.day) == (right.day, right.month):
        return True
    one, other = left.strftime("%Y%m%d"), right.strftime("%Y%m%d")
    wrong = [place for place in range(8) if one[place] != other[place]]
    if len(wrong) == 2 and wrong[1] == wrong[0] + 1:
        return one[wrong[0]] == other[wrong[1]] and one[wrong[1]] == other[wrong[0]]
    return len(wrong) == 1


def _given_agree(left: Record, right: Record, least: float) -> bool:
    if not left.given or not right.given:
        return False
    return are_close(left=left.given, right=right.given, least=least) or _swapped(left, right)


def _family_agree(left: Record, right: Record) -> bool:
    if not left.family or not right.family:
        return False
    if left.family == right.family or likeness(left.family, right.family) >= CLOSE or _swapped(left, right):
        return True
    # Double-barrelled after a marriage: one name holds the other whole.
    short, long = sorted((left.family, right.family), key=len)
    return len(short) >= 4 and (long.startswith(short) or long.endswith(short))


def _swapped(left: Record, right: Record) -> bool:
    """Say whether given and family name changed places, one of them perhaps only an initial or with a slip."""
    if not (left.given and left.family and right.given and right.family):
        return False
    across = ((left.given, right.family), (left.family, right.given))
    return any(one == other for one, other in across) and all(_is_one_word(one, other) for one, other in across)


def _is_one_word(one: str, other: str) -> bool:
    if one == other or (1 in (len(one), len(other)) and one[0] == other[0]):
        return True
    return min(len(one), len(other)) > 3 and likeness(one, other) >= CLOSE_FOR_TWINS


def _share_home_or_contact(left: Record, right: Record) -> bool:
    same_home = bool(left.home and left.home == right.home)
    same_postcode = bool(left.postcode and left.postcode == right.postcode)
    return same_home or same_postcode or bool(left.contacts & right.contacts)
