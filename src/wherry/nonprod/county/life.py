"""What became of each resident: illness, telephones, help at home, death, and what every sender gets wrong of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from random import Random

from wherry.nonprod.county import names, numbers
from wherry.nonprod.county.people import Resident
from wherry.nonprod.county.settling import FHIR_PRACTICE, RESENDS_OLD
from wherry.nonprod.county.tables import Condition, conditions

# Illnesses come together: half of all people have fewer than their age would say, a fifth have far more.
_FRAILTY = ((0.45, 1.0, 2.4), (50, 30, 20))
_IN_CARE_HOME = 2.6
#: How much likelier illness is from the most deprived tenth of neighbourhoods to the least.
_POOREST, _RICHEST = 1.3, 0.72
_MOBILE = ((0, 0.0), (12, 0.9), (18, 0.96), (65, 0.88), (75, 0.7), (85, 0.42))
_EMAIL = ((0, 0.0), (18, 0.65), (70, 0.35), (85, 0.12))
_DIED = ((0, 0.0001), (40, 0.001), (65, 0.006), (75, 0.016), (85, 0.07))
_CARED_AT_HOME = ((0, 0.0), (18, 0.004), (65, 0.012), (80, 0.065))
_DEATH_KNOWN_TO = (("register", "deaths"), ("deaths",), ("shielded_list",), ("register",), ("hospital", "deaths"))
_FEW_KNOW = (70, 12, 4, 6, 8)

#: What goes wrong with a person in somebody's file, how often, and about whom. In a whole block each befalls somebody.
_ABOUT_PEOPLE: tuple[tuple[str, float, Callable[[Resident], bool]], ...] = (
    ("nhs_number_missing", 0.015, lambda one: True),
    ("nhs_number_mistyped", 0.008, lambda one: True),
    ("nhs_number_of_somebody_else", 0.003, lambda one: one.age >= 18),
    ("two_phones_in_one_field", 0.5, lambda one: bool(one.mobile and one.dwelling.landline)),
    ("moved_with_two_addresses", 0.008, lambda one: not one.dwelling.communal),
    ("married_name", 0.04, lambda one: one.sex == "female" and 20 <= one.age < 70),
    ("exported_twice", 0.0006, lambda one: True),
    ("changed_since_the_older_extract", 0.03, lambda one: one.practice == RESENDS_OLD),
    ("date_that_never_was", 0.002, lambda one: bool(one.conditions) and one.practice != FHIR_PRACTICE),
    ("free_text_only", 0.004, lambda one: bool(one.conditions) and one.practice != FHIR_PRACTICE),
)


def live(*, everybody: Sequence[Resident], homes: Sequence[Sequence[Resident]], random: Random, today: dt.date) -> None:
    """Fill in what befell a block of residents, in place."""
    for home in homes:
        for resident in home:
            resident.lives_alone = len(home) == 1 and not resident.dwelling.communal
            _illness(resident, random, today)
            _contacts(resident, random)
            _help_and_death(resident, random, today)
        _share_a_mobile(home, random)
    _spread_deaths(everybody, random, today)
    _draw_dirt(everybody, random)


def _illness(resident: Resident, random: Random, today: dt.date) -> None:
    decile = resident.dwelling.imd_decile
    deprivation = _POOREST + (_RICHEST - _POOREST) * (decile - 1) / 9
    drawn = random.choices(*_FRAILTY)[0]
    resident.frailty = (_IN_CARE_HOME if resident.dwelling.kind == "care_home" else drawn) * deprivation
    table = conditions()
    band = table.band(age=resident.age)
    for condition in table.all:
        if random.random() < min(0.75, _share(condition, band, resident)):
            most = max(30, min(resident.age * 365 - 1, 20 * 365))
            recent = 300 if condition.name == "dialysis" else most
            resident.conditions[condition.name] = today - dt.timedelta(days=random.randint(20, recent))
            if random.random() < condition.shielded:
                resident.shielded = True


def _share(condition: Condition, band: int, resident: Resident) -> float:
    share = condition.shares[band] * resident.frailty
    return share * 4 if condition.name == "dementia" and resident.dwelling.kind == "care_home" else share


def _contacts(resident: Resident, random: Random) -> None:
    if resident.dwelling.kind != "care_home" and random.random() < _by_age(_MOBILE, resident.age):
        resident.mobile = numbers.mobile(resident.position)
    if random.random() < _by_age(_EMAIL, resident.age):
        resident.email = f"{resident.position:06d}@example.org"


def _share_a_mobile(home: Sequence[Resident], random: Random) -> None:
    """Let some couples have one mobile between them; every landline is shared anyhow."""
    adults = [one for one in home if one.age >= 18]
    if len(adults) == 2 and home[0].dwelling.kind in ("couple", "family") and adults[0].mobile:
        if adults[0].dwelling.landline:
            adults[1].dirt.add("landline_shared_by_a_couple")
        if random.random() < (0.1 if adults[0].age >= 65 else 0.015):
            adults[1].mobile = adults[0].mobile
            adults[1].dirt.add("two_people_on_one_mobile")


def _help_and_death(resident: Resident, random: Random, today: dt.date) -> None:
    chance = _by_age(_CARED_AT_HOME, resident.age) * resident.frailty
    resident.care_package = not resident.dwelling.communal and random.random() < chance
    if random.random() < _by_age(_DIED, resident.age) * resident.frailty:
        resident.died_on = today - dt.timedelta(days=random.randint(5, 300))


def _spread_deaths(everybody: Sequence[Resident], random: Random, today: dt.date) -> None:
    """Say who knows of each death. The first three of a block are known to one sender alone."""
    dead = [one for one in everybody if one.died_on]
    old = [one for one in everybody if one.age >= 70 and not one.died_on]
    for one in random.sample(old, k=min(len(old), max(0, 4 - len(dead)))):
        one.died_on = today - dt.timedelta(days=random.randint(10, 60))
        dead.append(one)
    for number, one in enumerate(dead):
        known = _DEATH_KNOWN_TO[number + 1] if number < 3 else random.choices(_DEATH_KNOWN_TO, _FEW_KNOW)[0]
        one.death_known_to = frozenset(known)
        if len(known) == 1:
            one.dirt.add("dead_on_one_feed_only")
        if "shielded_list" in known:
            one.shielded = True


def _draw_dirt(everybody: Sequence[Resident], random: Random) -> None:
    for kind, share, fits in _ABOUT_PEOPLE:
        fitting = [one for one in everybody if fits(one) and not one.died_on]
        struck = [one for one in fitting if random.random() < share]
        if not struck and fitting:
            struck = [random.choice(fitting)]
        for one in struck:
            one.dirt.add(kind)
            if kind == "married_name":
                one.former_name = names.family_name(random=random, language=one.language)


def _by_age(table: Sequence[tuple[int, float]], age: int) -> float:
    found = table[0][1]
    for low, share in table:
        if low > age:
            break
        found = share
    return found
