"""
An invented population that is hard to link, landed in a store as five senders would: nobody real is meant.

A register of everybody (1.07 in 1.61 of the records) and four senders who know some of them: a hospital, an ambulance
service, social care and the council. People live in households that share a surname, an address and a telephone; there
are twins, fathers and sons of one name at one address, and care homes. What senders write down of one person differs:
NHS numbers missing, mistyped (so dropped when landed) or somebody else's; typing slips, initials, short forms,
spellings of one name in Latin letters, married and double-barrelled names, given and family name changed about, birth
dates mistyped, turned or missing, old addresses (where others live now), addresses written differently.

The truth (record → person) is written beside the store, never into it. The rates below were set before the rules were
measured on them, and are printed with the results; how twins are named was changed after a first measurement, since
names that differ by a typing slip are not what parents choose.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

Words = NDArray[np.object_]
Numbers = NDArray[np.int64]

FULL = 1_070_000


@dataclass(frozen=True)
class Sender:
    """
    One sender. share: records for each person of the register; the rest are chances, from 0 to 1, for each record.

    number: an NHS number is given; others: of those, somebody else's; moved: an address they have left.
    """

    name: str
    share: float
    number: float
    others: float = 0.0
    twice: float = 0.0
    slip: float = 0.02
    initial: float = 0.01
    other_form: float = 0.03
    swapped: float = 0.005
    married: float = 0.02
    born_slip: float = 0.01
    born_missing: float = 0.0
    sex_missing: float = 0.02
    sex_wrong: float = 0.002
    moved: float = 0.05
    no_address: float = 0.0
    rewritten: float = 0.15
    uprn: float = 0.4
    telephone: float = 0.5
    name_missing: float = 0.0


SENDERS = (
    Sender(
        "register",
        *(1.0, 0.997),
        **{"twice": 0.003, "slip": 0.003, "initial": 0.0, "other_form": 0.0, "swapped": 0.001, "married": 0.0},
        **{"born_slip": 0.001, "sex_missing": 0.0, "moved": 0.03, "rewritten": 0.0, "uprn": 0.85, "telephone": 0.85},
    ),
    Sender("hospital", 0.2243, 0.975, others=0.001, twice=0.005),
    Sender(
        "ambulance",
        *(0.1215, 0.72),
        **{"others": 0.002, "twice": 0.03, "slip": 0.04, "initial": 0.02, "other_form": 0.04, "born_slip": 0.02},
        **{"born_missing": 0.03, "sex_missing": 0.05, "no_address": 0.02, "name_missing": 0.003},
    ),
    Sender("social_care", 0.0841, 0.9, others=0.001, married=0.04, moved=0.08, uprn=0.8),
    Sender(
        "council",
        *(0.0748, 0.2),
        **{"others": 0.002, "slip": 0.03, "other_form": 0.06, "born_missing": 0.02, "sex_missing": 0.6, "uprn": 0.95},
        **{"telephone": 0.8, "moved": 0.02},
    ),
)

# One name as different people write it; each form is as good as another. Half of them no list of ours knows.
_FORMS = (
    "mohammed muhammad mohamed mohammad mohammod",
    "yusuf yousef youssef yusef",
    "aleksandr alexander oleksandr sasha alex",
    "sergei sergey serhii",
    "katarzyna kasia katherine",
    "malgorzata gosia margaret",
    "margaret maggie peggy",
    "elizabeth liz beth betty elisabeth",
    "william bill will billy",
    "robert bob rob",
    "richard dick rick",
    "abdul abdel abdal",
    "fatima fatema fatimah",
    "hussain husain hussein hossain",
    "yevhen evgeny eugene",
    "natalia natalya nataliia natasha",
    "ioana joanna",
    "krzysztof christopher chris",
    "stephen steven steve",
    "catherine kathryn katharine kate cathy",
    "nicholas nick nicolas",
    "thomas tom thos",
    "susan sue susie",
    "jonathan john jon",
    "vytautas vytas",
    "agnieszka aga agnes",
)
_MEN = "john peter david michael paul mark james thomas daniel jack harry george oliver stephen robert william richard"
_MEN += " mohammed yusuf aleksandr sergei abdul hussain krzysztof nicholas jonathan vytautas keith brian alan ian"
_WOMEN = "margaret susan linda karen sarah emma laura jane elizabeth katarzyna malgorzata fatima natalia ioana"
_WOMEN += " catherine agnieszka patricia dorothy joan mary anne julie helen rachel claire olivia sophie ruby grace"
_FAMILIES = "smith jones taylor brown williams wilson johnson davies patel wright walker khan lewis thompson white"
_FAMILIES += " edwards hughes green hall wood harris clarke jackson clark turner hill moore cooper ward morris ahmed"
_FAMILIES += " hussain ali begum nowak kowalski popescu silva ivanov shevchenko o'brien mac-donald"
_HEADS = "b br c ch d dr f g gr h j k l m n p r s sh st t th tr v w y".split()
_VOWELS = "a e i o u ai ea oo ie".split()
_TAILS = "n r l s t th ck m rd ng ll nd son ton ley ford man ham well".split()
_STREETS = "Church Mill Station High School Park Quay Lime Heath Orchard Chapel Manor Meadow Elm Ferry Abbey".split()
_KINDS = "Road Street Lane Avenue Close Drive Way".split()
_WRITTEN = {"Road": "Rd", "Street": "St", "Lane": "Ln", "Avenue": "Ave", "Close": "Cl", "Drive": "Dr", "Way": "Wy"}


@dataclass(frozen=True)
class People:
    """Everybody, by column; household names the address they live at, old the one they have left."""

    number: Words
    given: Words
    family: Words
    maiden: Words
    born: Numbers
    female: NDArray[np.bool_]
    household: Numbers
    old: Numbers
    telephone: Words
    neighbour: Numbers


@dataclass(frozen=True)
class Homes:
    """Every address, by column."""

    line: Words
    postcode: Words
    uprn: Words


def write(*, people: int, seed: int, into: Path, facts_each: int = 1) -> tuple[Path, Path]:
    """
    Land the five senders' records of so many people. Returns the store's folder and the Parquet file of the truth.

    The same people and seed give the same records. facts_each: diagnoses for each record.
    """
    chance = np.random.default_rng(seed)
    everybody, homes = _people(people, chance)
    truth = []
    for place, sender in enumerate(SENDERS):
        whom = _whom(sender, people, chance)
        columns, points = _records(sender, everybody, homes, whom, chance)
        _land(into / "store", place, sender.name, columns, points, facts_each)
        truth.append(pa.table({"record_id": columns["record_id"], "person": pa.array(whom)}))
    file = into / "truth.parquet"
    pq.write_table(pa.concat_tables(truth), file)
    return into / "store", file


def rates() -> list[dict[str, Any]]:
    """Give every sender's rates, to print with a result."""
    return [dataclasses.asdict(sender) for sender in SENDERS]


def _people(count: int, chance: np.random.Generator) -> tuple[People, Homes]:
    sizes = chance.choice(np.arange(1, 7), size=count, p=[0.30, 0.34, 0.16, 0.13, 0.05, 0.02])
    crowds = chance.random(count) < 0.00025
    sizes[crowds] = 40  # care homes
    homes_needed = int(np.searchsorted(np.cumsum(sizes), count)) + 1
    household = np.repeat(np.arange(homes_needed), sizes[:homes_needed])[:count]
    first = np.searchsorted(household, np.arange(homes_needed))
    place = np.arange(count) - first[household]
    crowd = crowds[household]
    head = first[household]
    female = chance.random(count) < 0.51
    partner = (place == 1) & ~crowd
    female[partner] = np.where(chance.random(partner.sum()) < 0.97, ~female[head[partner]], female[head[partner]])
    born = _born(place, head, crowd, count, chance)
    given = _given(female, chance)
    family, maiden = _families(head, place, crowd, chance)
    child = (place >= 2) & ~crowd
    _twin(child, place, born, female, given, head, chance)
    namesake = child & ~female & ~female[head] & (chance.random(count) < 0.05)
    given[namesake] = given[head[namesake]]
    telephones = _telephones(count, chance)
    shared = (~crowd) & (place > 0) & (chance.random(count) < 0.25)
    telephones[shared] = telephones[head[shared]]
    return (
        People(
            number=_nhs_numbers(count, chance),
            given=given,
            family=family,
            maiden=maiden,
            born=born,
            female=female,
            household=household,
            old=chance.integers(0, homes_needed, count),
            telephone=telephones,
            neighbour=np.where(place > 0, np.arange(count) - 1, np.minimum(np.arange(count) + 1, count - 1)),
        ),
        _homes(homes_needed, chance),
    )


def _born(place: Numbers, head: Numbers, crowd: NDArray[np.bool_], count: int, chance: np.random.Generator) -> Numbers:
    """Give birth dates as days since 1970: a head of household, a partner near their age, children a generation on."""
    year = 365.25
    newest = (dt.date(2026, 1, 1) - dt.date(1970, 1, 1)).days
    age = chance.triangular(19, 45, 96, count)
    age = np.where(crowd, chance.triangular(65, 86, 103, count), age)
    age = np.where((place == 1) & ~crowd, np.clip(age[head] + chance.normal(0, 4, count), 18, 103), age)
    younger = age[head] - chance.triangular(18, 29, 42, count)
    age = np.where((place >= 2) & ~crowd, np.clip(younger, chance.random(count) * 3, 80), age)
    return (newest - age * year).astype(np.int64)


def _pool(known: str, made: int, seed: int) -> Words:
    chance = np.random.default_rng(seed)
    names = dict.fromkeys(known.split())
    while len(names) < made:
        parts = [chance.choice(_HEADS), chance.choice(_VOWELS), chance.choice(_TAILS)]
        if chance.random() < 0.6:
            parts = [chance.choice(_HEADS), chance.choice(_VOWELS), *parts]
        names["".join(parts)] = None
    return np.array(list(names), dtype=object)


def _draw(pool: Words, count: int, chance: np.random.Generator) -> Words:
    weight = 1 / (np.arange(len(pool)) + 8.0) ** 0.9
    return pool[chance.choice(len(pool), size=count, p=weight / weight.sum())]


def _given(female: NDArray[np.bool_], chance: np.random.Generator) -> Words:
    women, men = _pool(_WOMEN, 1_200, 11), _pool(_MEN, 1_200, 12)
    return np.where(female, _draw(women, len(female), chance), _draw(men, len(female), chance))


def _families(
    head: Numbers, place: Numbers, crowd: NDArray[np.bool_], chance: np.random.Generator
) -> tuple[Words, Words]:
    count = len(head)
    own = _draw(_pool(_FAMILIES, 20_000, 13), count, chance)
    shares = ~crowd & ((place >= 2) | ((place == 1) & (chance.random(count) < 0.8)))
    family = np.where(shares, own[head], own)
    return family, own


def _twin(
    child: NDArray[np.bool_],
    place: Numbers,
    born: Numbers,
    female: NDArray[np.bool_],
    given: Words,
    head: Numbers,
    chance: np.random.Generator,
) -> None:
    """Make some children the twin of the one before; one pair in four are given names that sound alike."""
    twin = np.flatnonzero(child & (place >= 3) & (chance.random(len(child)) < 0.05))
    born[twin] = born[twin - 1]
    female[twin] = np.where(chance.random(len(twin)) < 0.66, female[twin - 1], female[twin])
    for one in twin:
        while given[one] == given[one - 1]:
            given[one] = given[one] + "a"
        if chance.random() < 0.25 and len(given[one - 1]) > 3:
            given[one] = _sister_name(given[one - 1], chance)


def _sister_name(name: str, chance: np.random.Generator) -> str:
    """Another name by one letter, as Jane and Jade, Dean and Sean, Marie and Maria are."""
    place = int(chance.integers(0, len(name)))
    kin = "aeiou" if name[place] in "aeiou" else "bcdfgjklmnprstv"
    other = kin[int(chance.integers(0, len(kin)))]
    return name[:place] + (other if other != name[place] else "z") + name[place + 1 :]


def _telephones(count: int, chance: np.random.Generator) -> Words:
    return np.array([f"07{number:09d}" for number in chance.integers(400_000_000, 999_999_999, count)], dtype=object)


def _nhs_numbers(count: int, chance: np.random.Generator) -> Words:
    """Give different numbers with right check digits, in the ranges no health service issues (9…)."""
    # Steps coprime to the length of the range visit each stem once, in no order.
    stems = (
        900_000_000 + (np.arange(int(count * 1.2) + 50) * 61_803_397 + int(chance.integers(99_000_000))) % 99_000_000
    )
    digits = (stems[:, None] // 10 ** np.arange(8, -1, -1)) % 10
    check = (11 - (digits * np.arange(10, 1, -1)).sum(axis=1) % 11) % 11
    good = check < 10
    return np.array([f"{number:010d}" for number in (stems * 10 + check)[good][:count]], dtype=object)


def _homes(count: int, chance: np.random.Generator) -> Homes:
    """About fifteen homes share a postcode and a street; one street in five is a block of flats."""
    street = np.arange(count) // 15
    streets = int(street[-1]) + 1
    names = chance.integers(0, len(_STREETS), streets)
    kinds = chance.integers(0, len(_KINDS), streets)
    flats = chance.random(streets) < 0.2
    first = chance.integers(1, 90, streets)
    line, postcode = np.empty(count, dtype=object), np.empty(count, dtype=object)
    letters = "ABDEFGHJLNPQRSTUWXYZ"
    codes = [
        f"NR{one // 3600 % 90 + 1} {one // 400 % 9 + 1}{letters[one // 20 % 20]}{letters[one % 20]}"
        for one in (np.arange(streets) * 7919) % 324_000
    ]
    for home in range(count):
        one = street[home]
        number = home - one * 15 + 1
        road = f"{_STREETS[names[one]]} {_KINDS[kinds[one]]}"
        line[home] = f"Flat {number}, {first[one]} {road}" if flats[one] else f"{first[one] + number * 2} {road}"
        postcode[home] = codes[one]
    uprn = np.array([f"{100_000_000_000 + 7 * home}" for home in range(count)], dtype=object)
    return Homes(line, postcode, uprn)


def _whom(sender: Sender, people: int, chance: np.random.Generator) -> Numbers:
    count = round(sender.share * people)
    whom = np.arange(people) if sender.share == 1 else chance.choice(people, size=count, replace=False)
    again = chance.choice(whom, size=round(count * sender.twice), replace=False)
    return np.concatenate([whom, again]).astype(np.int64)


def _records(
    sender: Sender, people: People, homes: Homes, whom: Numbers, chance: np.random.Generator
) -> tuple[dict[str, Any], dict[str, Any]]:
    def some(rate: float) -> NDArray[np.bool_]:
        return chance.random(count) < rate

    count = len(whom)
    given, family, female = people.given[whom].copy(), people.family[whom].copy(), people.female[whom]
    married = female & some(sender.married / 0.5)
    double = married & some(0.25)
    family[married] = people.maiden[whom][married]
    family[double] = people.maiden[whom][double] + "-" + people.family[whom][double]
    _change(given, some(sender.other_form), _another_form, chance)
    _change(given, some(sender.slip / 2), _slip, chance)
    _change(family, some(sender.slip / 2), _slip, chance)
    _change(given, some(sender.initial), lambda name, _: name[0], chance)
    swapped = some(sender.swapped)
    given[swapped], family[swapped] = family[swapped], given[swapped].copy()
    given[some(sender.name_missing)] = None
    born = people.born[whom].astype("datetime64[D]").astype(object)
    _change(born, some(sender.born_slip), _wrong_day, chance)
    born[some(sender.born_missing)] = None
    home = np.where(some(sender.moved), people.old[whom], people.household[whom])
    line, postcode, uprn = homes.line[home].copy(), homes.postcode[home].copy(), homes.uprn[home].copy()
    _change(line, some(sender.rewritten), _written_otherwise, chance)
    uprn[~some(sender.uprn)] = None
    nowhere = some(sender.no_address)
    line[nowhere], postcode[nowhere], uprn[nowhere] = None, None, None
    number = people.number[whom].copy()
    others = some(sender.others)
    number[others] = people.number[people.neighbour[whom[others]]]
    number[~some(sender.number)] = None
    sex = np.where(female ^ some(sender.sex_wrong), "female", "male").astype(object)
    sex[some(sender.sex_missing)] = None
    ids = np.array([f"{sender.name}|{one:07d}" for one in chance.permutation(count)], dtype=object)
    telephone = some(sender.telephone)
    points = {"record_id": ids[telephone], "value": people.telephone[whom][telephone]}
    title = np.array([one.title() if one else one for one in given], dtype=object)
    return {
        "record_id": ids,
        "nhs_number": number,
        "given_name": title,
        "family_name": np.array([one.title() for one in family], dtype=object),
        "birth_date": pa.array(born, pa.date32()),
        **{"sex": sex, "address": line, "postcode": postcode, "uprn": uprn},
    }, points


def _change(column: Words, where: NDArray[np.bool_], how: Any, chance: np.random.Generator) -> None:
    for place in np.flatnonzero(where):
        column[place] = how(column[place], chance)


def _slip(name: str, chance: np.random.Generator) -> str:
    """One letter left out, doubled, replaced or changed about with the next."""
    if len(name) < 3:
        return name + name[-1]
    place = int(chance.integers(0, len(name) - 1))
    kind = int(chance.integers(0, 4))
    other = "abcdefghijklmnopqrstuvwxyz"[int(chance.integers(0, 26))]
    middle = ("", name[place] * 2, other, name[place + 1] + name[place])[kind]
    return name[:place] + middle + name[place + (2 if kind == 3 else 1) :]


_BY_FORM = {form: forms.split() for forms in _FORMS for form in forms.split()}


def _another_form(name: str, chance: np.random.Generator) -> str:
    others = [form for form in _BY_FORM.get(name, ()) if form != name]
    if others:
        return others[int(chance.integers(0, len(others)))]
    return name[: max(3, len(name) // 2)]


def _wrong_day(born: dt.date, chance: np.random.Generator) -> dt.date:
    """Day and month turned about where that is a day, else one digit wrong, or the year out by one or ten."""
    kind = int(chance.integers(0, 4))
    try:
        if kind == 0:
            return born.replace(day=born.month, month=born.day)
        if kind == 1:
            return born.replace(day=born.day % 28 + 1)
        if kind == 2:
            return born.replace(month=born.month % 12 + 1)
        return born.replace(year=born.year + int(chance.choice([-10, -1, 1, 10])))
    except ValueError:
        return born.replace(day=15)


def _written_otherwise(line: str, chance: np.random.Generator) -> str:
    words = line.replace(",", "").split()
    if chance.random() < 0.3:
        return line.upper()
    words[-1] = _WRITTEN[words[-1]]
    return " ".join(words) + (", Norwich" if chance.random() < 0.3 else "")


_TEXTS = ("ethnicity", "language", "lsoa", "place", "practice_code")


def _land(store: Path, place: int, name: str, columns: dict[str, Any], points: dict[str, Any], facts_each: int) -> None:
    batch = store / "batches" / f"batch-{name}"
    batch.mkdir(parents=True)
    count, day = len(columns["record_id"]), dt.date(2026, 1, 1 + place)
    rows = pa.array(np.arange(count))
    ids = pa.array(columns["record_id"], pa.string())
    source = pa.DictionaryArray.from_arrays(pa.array(np.zeros(count, np.int32)), pa.array([name])).cast(pa.string())
    days = pa.array(np.full(count, day, dtype=object), pa.date32())
    pq.write_table(
        pa.table(
            {
                **{"record_id": ids, "source": source, "subject_id": ids, "row_number": rows, "recorded_on": days},
                **{k: v if isinstance(v, pa.Array) else pa.array(v, pa.string()) for k, v in columns.items()},
                **{text: pa.nulls(count, pa.string()) for text in _TEXTS},
                "death_date": pa.nulls(count, pa.date32()),
                "imd_decile": pa.nulls(count, pa.int8()),
                "communal": pa.nulls(count, pa.bool_()),
                "synthetic": pa.array(np.full(count, True)),
            }
        ),
        batch / "records.parquet",
    )
    mobile = len(points["record_id"])
    pq.write_table(
        pa.table(
            {
                "record_id": pa.array(points["record_id"], pa.string()),
                "kind": pa.array(["mobile"] * mobile, pa.string()),
                "value": pa.array(points["value"], pa.string()),
                "source": pa.array([name] * mobile, pa.string()),
                "recorded_on": pa.array([day] * mobile, pa.date32()),
            }
        ),
        batch / "contact_points.parquet",
    )
    _land_facts(batch, ids, rows, days, source, facts_each)
    (batch / "manifest.json").write_text(json.dumps({"batch_id": batch.name, "sequence": place + 1}))


def _land_facts(batch: Path, ids: Any, rows: Any, days: Any, source: Any, each: int) -> None:
    count = len(ids)
    code = pa.array(np.array([f"{4405400 + one}6" for one in range(200)], dtype=object)[np.arange(count) % 200])
    one = pa.table(
        {
            **{"record_id": ids, "source": source, "row_number": rows, "date": days, "recorded_on": days},
            **{"code": code, "kind": pa.array(["diagnosis"] * count), "system": pa.array(["snomed"] * count)},
            **{"status": pa.array(["active"] * count), "batch_id": pa.array([batch.name] * count)},
            **{"unit": pa.nulls(count, pa.string()), "value": pa.nulls(count, pa.float64())},
            "end_date": pa.nulls(count, pa.date32()),
        }
    )
    pq.write_table(pa.concat_tables([one] * each) if each else one.slice(0, 0), batch / "facts.parquet")
    wish = {"record_id": pa.string(), "kind": pa.string(), "value": pa.string(), "source": pa.string()}
    fields = pa.schema([*wish.items(), ("recorded_on", pa.date32()), ("ends_on", pa.date32())])
    pq.write_table(fields.empty_table(), batch / "wishes.parquet")
