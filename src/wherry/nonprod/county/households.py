"""Who lives with whom: ages as the census has them, then care homes, a hostel, families, couples, people alone."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from random import Random

from wherry.nonprod.county.tables import AgeBand, Population, population

#: From so many people on, a block of the county has two care homes or more, and a hostel.
WHOLE = 2_000
_HOME_PLACES = 38
_HOSTEL_SHARE = 0.0012
_SIBLINGS = ((1, 2, 3, 4), (46, 40, 11, 3))
_TWO_PARENTS = 0.77
_TWINS = 0.016
_SON_NAMED_AFTER_FATHER = 0.02
#: How often somebody not in a family, and not alone, lives with a partner rather than with others.
_PARTNERED = ((18, 0.35), (30, 0.75), (65, 0.95))


@dataclass(slots=True)
class Soul:
    """Somebody before they have a name. twin_of: born the same day as; namesake_of: called the same as."""

    sex: str
    age: int
    twin_of: Soul | None = None
    namesake_of: Soul | None = None


@dataclass(slots=True)
class Household:
    """People under one roof. kind: alone, couple, family, shared, care_home or hostel."""

    kind: str
    members: list[Soul] = field(default_factory=list)


class _Pool:
    """Adults not yet housed, by sex and age."""

    def __init__(self, souls: list[Soul]) -> None:
        self._by: dict[tuple[str, int], list[Soul]] = defaultdict(list)
        for soul in souls:
            self._by[soul.sex, soul.age].append(soul)

    def take(self, sex: str, age: int, *, within: int, least: int = 18) -> Soul | None:
        """Take somebody of a sex whose age is nearest to `age`, at most `within` years off."""
        for step in range(within + 1):
            for wanted in (age + step, age - step):
                if wanted >= least and (found := self._by.get((sex, wanted))):
                    return found.pop()
        return None

    def rest(self) -> list[Soul]:
        """Take everybody who is left, the oldest first."""
        found = [soul for key in sorted(self._by, key=lambda key: (-key[1], key[0])) for soul in self._by[key]]
        self._by.clear()
        return found


def households(*, people: int, random: Random) -> list[Household]:
    """House so many people, no more and no fewer, in an order without meaning."""
    table = population()
    children, adults = _souls(people, random, table)
    found, adults = _institutions(adults, random, table, people)
    alone = [soul for soul in adults if random.random() < table.share_alone(age=soul.age, sex=soul.sex)]
    apart = set(map(id, alone))
    pool = _Pool([soul for soul in adults if id(soul) not in apart])
    found += _families(children, pool, random)
    found += [Household("alone", [soul]) for soul in alone]
    found += _others(pool, random)
    random.shuffle(found)
    return found


def _souls(people: int, random: Random, table: Population) -> tuple[list[Soul], list[Soul]]:
    cells: list[tuple[str, AgeBand]] = [(sex, band) for band in table.ages for sex in ("female", "male")]
    weights = [band.women if sex == "female" else band.men for sex, band in cells]
    drawn = random.choices(cells, weights, k=people)
    souls = [Soul(sex, min(random.randint(band.low, band.high), _oldest(band, random))) for sex, band in drawn]
    children = [soul for soul in souls if soul.age < 18]
    return children, [soul for soul in souls if soul.age >= 18]


def _oldest(band: AgeBand, random: Random) -> int:
    # Past ninety each year has fewer people than the one before.
    return band.low + int(random.expovariate(0.35)) if band.low >= 90 else band.high


def _institutions(
    adults: list[Soul], random: Random, table: Population, people: int
) -> tuple[list[Household], list[Soul]]:
    whole = people >= WHOLE
    cared = [soul for soul in adults if random.random() < table.share_in_care_home(age=soul.age)]
    least = 24 if whole else 8 if people >= 200 else 0
    if len(cared) < least:
        oldest = sorted((soul for soul in adults if soul not in cared), key=lambda soul: -soul.age)
        cared += oldest[: least - len(cared)]
    homes = max(2 if whole else 1, round(len(cared) / _HOME_PLACES)) if cared else 0
    found = [Household("care_home", cared[number::homes]) for number in range(homes)]
    housed = set(map(id, cared))
    free = [soul for soul in adults if id(soul) not in housed]
    if whole:
        single = [soul for soul in free if soul.age < 60]
        hostel = random.sample(single, k=max(14, round(_HOSTEL_SHARE * people)))
        found.append(Household("hostel", hostel))
        gone = set(map(id, hostel))
        free = [soul for soul in free if id(soul) not in gone]
    return found, free


def _families(children: list[Soul], pool: _Pool, random: Random) -> list[Household]:
    """Give every child brothers and sisters near in age, a mother and mostly a father."""
    waiting = sorted(children, key=lambda child: child.age + random.random() * 4, reverse=True)
    found: list[Household] = []
    named = False
    while waiting:
        siblings = [waiting.pop() for _ in range(min(len(waiting), random.choices(*_SIBLINGS)[0]))]
        _make_twins(siblings, random, forced=len(found) == 1)
        eldest = max(child.age for child in siblings)
        mother = pool.take("female", eldest + round(random.triangular(19, 42, 30)), within=60, least=18)
        father = None
        if mother and (random.random() < _TWO_PARENTS or len(found) == 2):
            father = pool.take("male", mother.age + random.choice((-2, -1, 0, 1, 2, 3, 5)), within=8, least=eldest + 18)
        parents = [each for each in (mother, father) if each]
        named = _name_son(siblings, father, random, forced=not named) or named
        found.append(Household("family", parents + siblings))
    return found


def _make_twins(siblings: list[Soul], random: Random, *, forced: bool) -> None:
    if len(siblings) > 1 and (forced or random.random() < _TWINS * 2):
        siblings[1].age, siblings[1].twin_of = siblings[0].age, siblings[0]


def _name_son(siblings: list[Soul], father: Soul | None, random: Random, *, forced: bool) -> bool:
    sons = [child for child in siblings if child.sex == "male" and child.twin_of is None]
    if not father or not sons or not (forced or random.random() < _SON_NAMED_AFTER_FATHER):
        return False
    sons[0].namesake_of = father
    return True


def _others(pool: _Pool, random: Random) -> list[Household]:
    """Pair most of the rest with a partner; the young who are left share a home, the old live alone."""
    everybody = pool.rest()
    waiting = _Pool(everybody)
    found: list[Household] = []
    sharing: list[Soul] = []
    for soul in everybody:
        taken = waiting.take(soul.sex, soul.age, within=0)
        if taken is None:
            continue
        other = "male" if soul.sex == "female" else "female"
        if random.random() < 0.02:
            other = soul.sex
        partnered = [share for low, share in _PARTNERED if low <= taken.age][-1]
        near = taken.age + (2 if taken.sex == "female" else -2)
        partner = waiting.take(other, near, within=9) if random.random() < partnered else None
        if partner:
            found.append(Household("couple", [taken, partner]))
        else:
            sharing.append(taken)
    while sharing:
        size = min(len(sharing), random.choice((2, 2, 3, 4)) if sharing[-1].age < 45 else random.choice((1, 2)))
        found.append(Household("shared" if size > 1 else "alone", [sharing.pop() for _ in range(size)]))
    return found
