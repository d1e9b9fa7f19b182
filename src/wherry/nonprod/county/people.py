"""The invented residents themselves: dwellings first, then who lives in them, then what they have."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random

from wherry.foundation.identifiers import nhs_number_check_digit
from wherry.foundation.periods import age_on
from wherry.nonprod.county import names
from wherry.nonprod.county.conditions import CONDITIONS, share

CARE_HOME_PLACES = 12
PRACTICES = {"norwich": ("D82001", "D82002"), "waveney": ("D82003", "D82004")}
TOWNS = {"norwich": ("Norwich", "NR", (1, 7)), "waveney": ("Lowestoft", "NR", (31, 34))}
_ALIKE = {3: "twins", 4: "son"}
_KINDS = (("family", 24), ("young", 16), ("single", 16), ("couple", 18), ("older_couple", 14), ("older_single", 12))


@dataclass
class Dwelling:
    """Where people live together. communal: a care home, whose residents are no household."""

    number: int
    uprn: str
    line: str
    town: str
    postcode: str
    lsoa: str
    imd_decile: int
    place: str
    landline: str | None
    communal: bool = False


@dataclass
class Resident:
    """One invented person, as they truly are; what each sender knows of them is another matter."""

    key: str
    dwelling: Dwelling
    given_name: str
    family_name: str
    birth_date: dt.date
    sex: str
    language: str
    nhs_number: str
    practice: str
    patient_id: str
    mobile: str | None = None
    email: str | None = None
    lives_alone: bool = False
    conditions: dict[str, dt.date] = field(default_factory=dict)
    care_package: bool = False
    died_on: dt.date | None = None
    death_known_to: frozenset[str] = frozenset()
    former_name: str | None = None
    rows: dict[str, list[int]] = field(default_factory=dict)


def nhs_numbers() -> Iterator[str]:
    """Give numbers of the 999 range (issued to nobody), each once, check digits right; there are some 909,000."""
    for position in range(1_000_000):
        # Steps of a prime, so that neighbours in the county do not have neighbouring numbers.
        first = f"999{(position * 7919 + 13) % 1_000_000:06d}"
        check = nhs_number_check_digit(first)
        if check < 10:
            yield f"{first}{check}"


def mobile(position: int) -> str:
    """
    Give the nth invented mobile number.

    The first thousand are the range Ofcom keeps for drama (07700 900000-900999). A bigger county goes on to
    07700 999999, which drama does not own: two people must not share a number by accident, and nothing synthetic
    leaves the sandbox.
    """
    return f"07700 {900_000 + position % 100_000:06d}"


def landline(position: int) -> str:
    """Give the nth invented landline: 01632 is an area no exchange has, and 960000-960999 is Ofcom's for drama."""
    return f"01632 {960_000 + position if position < 1_000 else (position * 7 + 100_000) % 900_000:06d}"


def residents(*, people: int, seed: int, today: dt.date) -> list[Resident]:
    """Invent so many residents, the same for the same seed. `today` is the first day of the programme."""
    random = Random(f"county:{seed}")  # noqa: S311 - invented people need repeatable, not secret, chance
    numbers = nhs_numbers()
    found: list[Resident] = []
    number = 0
    while len(found) < people:
        number += 1
        communal = number == 2 and people >= 4 * CARE_HOME_PLACES
        dwelling = _dwelling(random, number, communal)
        for member in _members(random, dwelling, today)[: people - len(found)]:
            found.append(_resident(random, len(found), next(numbers), dwelling, *member))
    counts: dict[int, int] = {}
    for resident in found:
        counts[resident.dwelling.number] = counts.get(resident.dwelling.number, 0) + 1
    for resident in found:
        _fill_in(random, resident, counts[resident.dwelling.number], today)
    _spread_deaths(random, found, today)
    return found


def age(*, resident: Resident, today: dt.date) -> int:
    """Give a resident's age in whole years."""
    return age_on(birth_date=resident.birth_date, day=today)


def _dwelling(random: Random, number: int, communal: bool) -> Dwelling:
    place = "norwich" if random.random() < 0.55 else "waveney"
    town, area, (low, high) = TOWNS[place]
    decile = min(10, max(1, round(random.triangular(0.6, 10.4, 4 if place == "norwich" else 3))))
    letters = "ABDEFGHJLNPQRSTUWXYZ"
    return Dwelling(
        number=number,
        uprn=str(10_009_000_000 + number * 37),
        line=f"{'Broadview Care Home, ' if communal else ''}{random.randint(1, 180)} {random.choice(names.STREETS)}",
        town=town,
        postcode=f"{area}{random.randint(low, high)} {random.randint(1, 9)}{''.join(random.choices(letters, k=2))}",
        lsoa=f"E010{26_000 + decile * 20 + random.randint(0, 19) + (500 if place == 'waveney' else 0):05d}",
        imd_decile=decile,
        place=place,
        landline=landline(number - 1) if communal or random.random() < 0.45 else None,
        communal=communal,
    )


def _members(random: Random, dwelling: Dwelling, today: dt.date) -> list[tuple[str, str, str, dt.date, str]]:
    language = random.choices(("en", "pl", "lt"), (90, 6, 4))[0]
    family = random.choice(names.FAMILY[language])
    sexes = random.choice((("female", "male"), ("male", "female")))
    if dwelling.communal:
        return [
            _member(random, "en", random.choice(names.FAMILY["en"]), random.randint(76, 99), today, None)
            for _ in range(CARE_HOME_PLACES)
        ]
    kind = random.choices([name for name, _ in _KINDS], [weight for _, weight in _KINDS])[0]
    if kind == "family" or dwelling.number in _ALIKE:
        alike = _ALIKE.get(dwelling.number) or random.choices((None, "twins", "son"), (90, 5, 5))[0]
        return _family(random, language, family, today, alike)
    ages = {
        "young": (19, 39),
        "single": (20, 64),
        "couple": (45, 68),
        "older_couple": (66, 88),
        "older_single": (66, 96),
    }
    low, high = ages[kind]
    first = random.randint(low, high)
    adults = [_member(random, language, family, first, today, sexes[0])]
    if kind in ("young", "couple", "older_couple"):
        second = family if kind != "young" else random.choice(names.FAMILY[language])
        adults.append(_member(random, language, second, max(19, first + random.randint(-5, 5)), today, sexes[1]))
    return adults


def _family(
    random: Random, language: str, family: str, today: dt.date, alike: str | None
) -> list[tuple[str, str, str, dt.date, str]]:
    parent = random.randint(26, 50)
    members = [
        _member(random, language, family, parent, today, "female"),
        _member(random, language, family, parent + 2, today, "male"),
    ]
    children = [
        _member(random, language, family, random.randint(0, min(17, parent - 20)), today, None)
        for _ in range(random.randint(1, 3))
    ]
    if alike == "twins":
        # Twins: one birthday, one address, one family name, two people.
        first = children[0]
        given = random.choice([name for name in (*names.FEMALE[language], *names.MALE[language]) if name != first[0]])
        sex = "female" if given in names.FEMALE[language] else "male"
        children = [first, (given, family, sex, first[3], language)]
    elif alike == "son":
        # A son called after his father.
        children[0] = (members[1][0], family, "male", children[0][3], language)
    return members + children


def _member(
    random: Random, language: str, family: str, years: int, today: dt.date, sex: str | None
) -> tuple[str, str, str, dt.date, str]:
    chosen = sex or random.choice(("female", "male"))
    given = random.choice((names.FEMALE if chosen == "female" else names.MALE)[language])
    # Days before the birthday by which they turned so many years: anything under a year.
    born = dt.date(today.year - years, today.month, min(today.day, 28)) - dt.timedelta(days=random.randint(0, 364))
    return given, family, chosen, born, language


def _resident(
    random: Random, position: int, nhs_number: str, dwelling: Dwelling, *member: *tuple[str, str, str, dt.date, str]
) -> Resident:
    given, family, sex, born, language = member
    return Resident(
        key=f"p{position:06d}",
        dwelling=dwelling,
        given_name=given,
        family_name=family,
        birth_date=born,
        sex=sex,
        language=language,
        nhs_number=nhs_number,
        practice=PRACTICES[dwelling.place][dwelling.number % 2],
        patient_id=str(100_000 + position * 3 + random.randint(0, 2)),
    )


def _spread_deaths(random: Random, everybody: list[Resident], today: dt.date) -> None:
    """Let the first death be known to the registration service alone, the second to the national list alone."""
    old = [person for person in everybody if age(resident=person, today=today) >= 70 and person.died_on is None]
    dead = [person for person in everybody if person.died_on]
    for person in random.sample(old, k=min(len(old), max(0, 3 - len(dead)))):
        person.died_on = today - dt.timedelta(days=random.randint(10, 60))
    dead = [person for person in everybody if person.died_on]
    known = [frozenset({"deaths"}), frozenset({"shielded_list"}), frozenset({"register", "deaths"})]
    for position, person in enumerate(dead):
        person.death_known_to = known[min(position, 2)]


def _fill_in(random: Random, resident: Resident, sharing: int, today: dt.date) -> None:
    years = age(resident=resident, today=today)
    communal = resident.dwelling.communal
    position = int(resident.key[1:])
    if not communal and random.random() < (0.0 if years < 12 else 0.95 if years < 65 else 0.85 if years < 80 else 0.6):
        resident.mobile = mobile(position)
    if 18 <= years and random.random() < (0.6 if years < 70 else 0.3):
        resident.email = f"{position:06d}@example.org"
    resident.lives_alone = sharing == 1 and not communal
    for condition in CONDITIONS:
        if random.random() < share(condition=condition, age=years):
            most = max(30, min(years * 365 - 1, 20 * 365))
            resident.conditions[condition.name] = today - dt.timedelta(days=random.randint(20, most))
    resident.care_package = not communal and years >= 65 and random.random() < (0.16 if years >= 80 else 0.03)
    if random.random() < (0.06 if years >= 85 else 0.012 if years >= 65 else 0.001):
        resident.died_on = today - dt.timedelta(days=random.randint(5, 300))
    if resident.sex == "female" and 20 <= years < 60 and random.random() < 0.06:
        resident.former_name = random.choice(names.FAMILY[resident.language])
