"""Households get a door, a name and numbers: streets of neighbours, practices, telephones."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate, count
from random import Random

from wherry.nonprod.county import names, numbers
from wherry.nonprod.county.households import Household, Soul
from wherry.nonprod.county.people import Dwelling, Resident
from wherry.nonprod.county.tables import population

#: What makes each practice's files what they are.
FHIR_PRACTICE, RENAMES_HEADERS, BYTE_ORDER_MARK, EXCEL = "D82004", "D82002", "D82003", "D82005"
RESENDS_OLD, SENDS_TWICE = "D82001", "D82003"
#: Practice code → where it is, and its share of that place's homes. One is small and sends Excel files.
PRACTICES = {
    "D82001": ("norwich", 0.50),
    "D82002": ("norwich", 0.44),
    "D82005": ("norwich", 0.06),
    "D82003": ("waveney", 0.53),
    "D82004": ("waveney", 0.47),
}
_NORWICH = 0.55
_TOWNS = {"norwich": ("Norwich", "NR", (1, 7)), "waveney": ("Lowestoft", "NR", (32, 35))}
_LETTERS = "ABDEFGHJLNPQRSTUWXYZ"
_HOMES_IN_A_NEIGHBOURHOOD = 125
_INSTITUTIONS = {"care_home": ("Broadview", "Marsh House", "The Limes", "Saltings"), "hostel": ("Beacon", "Quayside")}
_FLATS = 0.07
# Neighbourhoods of each tenth of deprivation, in percent; 1 is the most deprived.
_DECILES = {"norwich": (14, 14, 13, 12, 11, 9, 8, 7, 6, 6), "waveney": (12, 10, 10, 11, 12, 11, 10, 9, 8, 7)}


@dataclass(slots=True)
class _Street:
    name: str
    postcode: str
    lsoa: str
    decile: int
    place: str
    left: int
    next_number: int = 1


class Register:
    """Hands out each number once, over the whole county."""

    def __init__(self) -> None:
        self.nhs_numbers = numbers.nhs_numbers()
        self.dwellings = count(1)
        self.positions = count()


def settle(
    *, found: list[Household], register: Register, random: Random, today: dt.date
) -> Iterator[tuple[Dwelling, list[Resident]]]:
    """Give every household a dwelling, and its members names and numbers, street by street."""
    several = max(5, len(found) // 2 // _HOMES_IN_A_NEIGHBOURHOOD)
    ranks = [(number + 0.4) / several for number in range(several)]
    streets = [_streets(place, rank, random) for rank in ranks for place in ("norwich", "waveney")]
    here = [next(each) for each in streets]
    for household in found:
        chosen = 2 * random.randrange(several) + (random.random() >= _NORWICH)
        if here[chosen].left == 0:
            here[chosen] = next(streets[chosen])
        dwelling = _dwelling(household, here[chosen], next(register.dwellings), random)
        yield dwelling, _members(household, dwelling, register, random, today)


def _streets(place: str, rank: float, random: Random) -> Iterator[_Street]:
    """Give the streets of a neighbourhood, fifteen to forty homes each; rank: from the poorest, 0, to the richest."""
    decile = 1 + bisect_right(list(accumulate(_DECILES[place])), rank * 100)
    lsoa = f"E019{decile:02d}{random.randint(0, 999):03d}"
    _, area, (low, high) = _TOWNS[place]
    outward = f"{area}{random.randint(low, high)} {random.randint(1, 9)}"
    while True:
        postcode = outward + "".join(random.choices(_LETTERS, k=2))
        yield _Street(names.street(random=random), postcode, lsoa, decile, place, random.randint(15, 40))


def _dwelling(household: Household, street: _Street, number: int, random: Random) -> Dwelling:
    line = f"{street.next_number} {street.name}"
    if household.kind in _INSTITUTIONS:
        title = "Care Home" if household.kind == "care_home" else "Hostel"
        line = f"{random.choice(_INSTITUTIONS[household.kind])} {title}, {line}"
    elif random.random() < _FLATS:
        line = f"Flat {random.randint(1, 12)}, {line}"
    street.next_number += random.choice((1, 2))
    street.left -= 1
    return Dwelling(
        number=number,
        uprn=numbers.uprn(number),
        line=line,
        town=_TOWNS[street.place][0],
        postcode=street.postcode,
        lsoa=street.lsoa,
        imd_decile=street.decile,
        place=street.place,
        practice=_practice(street.place, random),
        landline=_landline(household, number, random),
        communal=household.kind in _INSTITUTIONS,
        kind=household.kind,
    )


def _practice(place: str, random: Random) -> str:
    codes = [code for code, (where, _) in PRACTICES.items() if where == place]
    return random.choices(codes, [PRACTICES[code][1] for code in codes])[0]


def _landline(household: Household, number: int, random: Random) -> str | None:
    eldest = max(soul.age for soul in household.members)
    chance = 1.0 if household.kind == "care_home" else 0.25 if eldest < 40 else 0.55 if eldest < 65 else 0.88
    return numbers.landline(number - 1) if household.kind != "hostel" and random.random() < chance else None


def _members(
    household: Household, dwelling: Dwelling, register: Register, random: Random, today: dt.date
) -> list[Resident]:
    table = population().languages
    spoken = random.choices(list(table), list(table.values()))[0] if household.kind != "care_home" else "en"
    shared = names.family_name(random=random, language=spoken)
    called: dict[int, Resident] = {}
    for soul in household.members:
        apart = household.kind in ("shared", "care_home", "hostel")
        family = names.family_name(random=random, language=spoken) if apart else shared
        called[id(soul)] = _resident(soul, family, spoken, dwelling, register, random, today, called)
    return list(called.values())


def _resident(
    soul: Soul,
    family: str,
    language: str,
    dwelling: Dwelling,
    register: Register,
    random: Random,
    today: dt.date,
    called: dict[int, Resident],
) -> Resident:
    twin, namesake = called.get(id(soul.twin_of)), called.get(id(soul.namesake_of))
    born = twin.birth_date if twin else _born(soul.age, today, random)
    given = namesake.given_name if namesake else None
    while given is None or (twin and given == twin.given_name):
        given = names.given_name(random=random, language=language, sex=soul.sex, born=born.year)
    position = next(register.positions)
    resident = Resident(
        position=position,
        dwelling=dwelling,
        given_name=given,
        family_name=family,
        birth_date=born,
        age=soul.age,
        sex=soul.sex,
        language=language,
        nhs_number=next(register.nhs_numbers),
        patient_id=str(100_000 + position * 3 + random.randint(0, 2)),
    )
    resident.dirt |= {kind for kind, there in (("twins", twin), ("father_and_son", namesake)) if there}
    return resident


def _born(age: int, today: dt.date, random: Random) -> dt.date:
    # Days before the birthday by which they turned so many years: anything under a year.
    return dt.date(today.year - age, today.month, min(today.day, 28)) - dt.timedelta(days=random.randint(0, 364))
