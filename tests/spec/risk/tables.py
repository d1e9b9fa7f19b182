"""
What the language of `risk.yaml` means, drawn as tables: every row is one person, asked of every engine.

`rule` is written as in `risk.yaml`: one criterion, or several of which `it` is asked (their words left out), or a whole
definition. `make docs` prints all of it: python -m tests.spec.risk.tables
"""

from __future__ import annotations

import datetime as dt
import sys
from dataclasses import dataclass

LEAP_DAY = dt.date(2024, 2, 29)
CODELISTS = {"a": ("A", "A2"), "b": ("B",)}


@dataclass(frozen=True)
class Drawing:
    """
    One table. says: a sentence under the title; as_of: the index date.

    rows: `facts` and columns of a person, then what must come of it: `taken` (yes, no, or missing: no input),
    or for a whole definition `placed` and whatever else the output holds.
    """

    title: str
    says: str
    rule: str
    rows: str
    as_of: dt.date = LEAP_DAY


EVENTS = (
    Drawing("ever", "Any code of the list on or before the index date, whatever became of it later.", """
ever: {list: a, system: snomed}
""", """
        facts                                          | taken
                                                       | no
        A 1950-01-01                                   | yes
        A 0001-01-01                                   | yes
        A 2024-02-28                                   | yes
        A 2024-02-29                                   | yes
        A 2024-03-01                                   | no
        A 9999-12-31                                   | no
        A none                                         | no
        A BC                                           | no
        B 2020-01-01                                   | no
        A2 2020-01-01, B 2020-01-01                    | yes
        a 2020-01-01                                   | no
        A 2020-01-01 end=2021-01-01                    | yes
        A 2020-01-01 status=resolved                   | yes
        A 2020-01-01 status=entered-in-error           | no
        A 2020-01-01 status=refuted                    | no
        A 2020-01-01 status=refuted, A 2020-01-01      | yes
    """),
    Drawing("a code is read in its own code system", "A fact that names no system may be SNOMED CT or dm+d.", """
ever: {list: a, system: snomed}
""", """
        facts                                          | taken
        A 2020-01-01 system=snomed                     | yes
        A 2020-01-01 system=none                       | yes
        A 2020-01-01 system=dmd                        | no
        A 2020-01-01 system=icd10                      | no
        A 2020-01-01 system=SNOMED                     | no
    """),
    Drawing("a code of a system that must be named", "An unnamed system is never ICD-10, BNF or another.", """
ever: {list: a, system: icd10}
""", """
        facts                                          | taken
        A 2020-01-01 system=icd10                      | yes
        A 2020-01-01 system=none                       | no
        A 2020-01-01 system=snomed                     | no
    """),
    Drawing("within days", "Both ends are counted.", """
within: {list: a, system: snomed, days: [10, 30]}
""", """
        facts                                          | taken
                                                       | no
        A 2024-02-20                                   | no
        A 2024-02-19                                   | yes
        A 2024-01-30                                   | yes
        A 2024-01-29                                   | no
        A 2024-01-29, A 2024-02-20                     | no
        A none                                         | no
    """),
    Drawing("within, since a day", "The other end is the index date: nothing later is known to the run.", """
within: {list: a, system: snomed, since: "2024-01-01"}
""", """
        facts                                          | taken
        A 2023-12-31                                   | no
        A 2024-01-01                                   | yes
        A 2024-02-29                                   | yes
        A 2024-03-01                                   | no
    """),
    Drawing("within, between two days", "Both counted, and still nothing after the index date.", """
within: {list: a, system: snomed, between: ["2024-02-01", "2024-03-31"]}
""", """
        facts                                          | taken
        A 2024-01-31                                   | no
        A 2024-02-01                                   | yes
        A 2024-02-29                                   | yes
        A 2024-03-01                                   | no
    """),
    Drawing("within calendar months", "The day at the far end is not counted.", """
within: {list: a, system: snomed, months: [0, 6]}
""", """
        facts                                          | taken
        A 2024-03-01                                   | no
        A 2024-02-29                                   | yes
        A 2023-08-30                                   | yes
        A 2023-08-29                                   | no
    """),
    Drawing("within the months before the last", "Windows side by side share no day.", """
within: {list: a, system: snomed, months: [1, 12]}
""", """
        facts                                          | taken
        A 2024-01-30                                   | no
        A 2024-01-29                                   | yes
        A 2023-03-01                                   | yes
        A 2023-02-28                                   | no
    """),
    Drawing("count", "One code on one day is one event, however many feeds tell it.", """
count: {list: a, system: snomed, at_least: 2}
""", """
        facts                                          | taken
                                                       | no
        A 2020-01-01                                   | no
        A 2020-01-01, A 2020-01-01                     | no
        A 2020-01-01 source=gp, A 2020-01-01 source=x  | no
        A 2020-01-01, A2 2020-01-01                    | yes
        A 2020-01-01, A 2020-01-02                     | yes
        A 2020-01-01, B 2020-01-02                     | no
        A 2020-01-01, A 2024-03-01                     | no
        A 2020-01-01, A none                           | no
        A 2020-01-01, A 2020-01-02 status=refuted      | no
    """),
    Drawing("count in a window", "Only what lies in the window.", """
count: {list: a, system: snomed, at_least: 2, days: [0, 30]}
""", """
        facts                                          | taken
        A 2024-02-29, A 2024-01-30                     | yes
        A 2024-02-29, A 2024-01-29                     | no
        A 2024-01-29, A 2024-01-28                     | no
    """),
    Drawing("count of different codes", "Each code once, on however many days.", """
count: {list: a, system: snomed, at_least: 2, days: [0, 90], different_codes: true}
""", """
        facts                                          | taken
        A 2024-01-01, A 2024-01-02                     | no
        A 2024-01-01, A2 2024-01-01                    | yes
        A 2024-01-01, A2 2023-11-30                    | no
        A 2024-01-01, B 2024-01-01                     | no
    """),
    Drawing("one in each window", "An empty window: not true, whatever the others hold.", """
one_in_each: {list: a, system: snomed, days: [[0, 30], [31, 60], [61, 90]]}
""", """
        facts                                          | taken
                                                       | no
        A 2024-02-20, A 2024-01-20, A 2023-12-20       | yes
        A 2024-02-20, A 2024-01-20                     | no
        A 2024-02-20, A 2024-02-10, A 2024-02-01       | no
        A 2024-01-30, A 2024-01-29, A 2023-12-01       | yes
        A 2024-01-30, A 2024-01-29, A 2023-11-30       | no
        A 2024-03-01, A 2024-01-29, A 2023-12-01       | no
    """),
    Drawing("one in each calendar month", "As above; months side by side share no day.", """
one_in_each: {list: a, system: snomed, months: [[0, 1], [1, 2], [2, 3]]}
""", """
        facts                                          | taken
        A 2024-01-30, A 2024-01-29, A 2023-12-29       | yes
        A 2024-01-30, A 2024-01-29, A 2023-12-30       | no
        A 2024-01-29, A 2023-12-29, A 2023-12-20       | no
    """),
)  # fmt: skip

NEWEST = (
    Drawing("latest after latest", "The second never recorded: true. The first never recorded: not true.", """
latest_after_latest: {list: a, than: b, system: snomed}
""", """
        facts                                          | taken
                                                       | no
        A 2020-01-01                                   | yes
        B 2020-01-01                                   | no
        A 2020-01-02, B 2020-01-01                     | yes
        A 2020-01-01, B 2020-01-01                     | no
        A 2020-01-01, B 2020-01-02                     | no
        A 2020-01-01, B 2020-01-02, A2 2020-01-03      | yes
        A 2020-01-01, B 2024-03-01                     | yes
        A 2020-01-01, B none                           | yes
        A 2024-03-01, B 2020-01-01                     | no
        A 2020-01-01, B 2020-01-02 status=refuted      | yes
    """),
    Drawing("latest after latest, the same day counting", "Two codes on one day: true.", """
latest_after_latest: {list: a, than: b, system: snomed, same_day_counts: true}
""", """
        facts                                          | taken
                                                       | no
        A 2020-01-01, B 2020-01-01                     | yes
        A 2020-01-01, B 2020-01-02                     | no
        B 2020-01-01                                   | no
    """),
    Drawing("latest after latest, of two code systems", "Each list in its own.", """
latest_after_latest: {list: a, system: icd10, than: b, than_system: snomed}
""", """
        facts                                                    | taken
        A 2020-01-02 system=icd10, B 2020-01-01                  | yes
        A 2020-01-02, B 2020-01-01                               | no
        A 2020-01-01 system=icd10, B 2020-01-02 system=icd10     | yes
    """),
    Drawing("latest value at least", "The newest number in this very unit. None: missing, and never taken.", """
latest_value: {list: a, system: snomed, unit: kg/m2, at_least: 40}
""", """
        facts                                                                 | taken
                                                                              | missing
        A 2020-01-01                                                          | missing
        A 2020-01-01 value=40 unit=kg/m2                                      | yes
        A 2020-01-01 value=39.9 unit=kg/m2                                    | no
        A 2020-01-01 value=0 unit=kg/m2                                       | no
        A 2020-01-01 value=41 unit=kg/m2, A 2020-02-01 value=39 unit=kg/m2    | no
        A 2020-01-01 value=39 unit=kg/m2, A 2020-02-01 value=41 unit=kg/m2    | yes
        A 2020-01-01 value=41 unit=kg/m2, A 2020-02-01                        | yes
        A 2020-01-01 value=41 unit=kg/m2, A 2020-01-01 value=39 unit=kg/m2    | yes
        A 2020-01-01 value=39 unit=kg/m2, A2 2020-01-01 value=41 unit=kg/m2   | yes
        A 2020-01-01 value=41 unit=%                                          | missing
        A 2020-01-01 value=41 unit=KG/M2                                      | missing
        A 2020-01-01 value=41                                                 | missing
        A 2020-01-01 value=39 unit=kg/m2, A 2020-02-01 value=41 unit=%        | no
        A 2020-01-01 value=nan unit=kg/m2                                     | missing
        A 2020-01-01 value=inf unit=kg/m2                                     | missing
        A 2020-01-01 value=-inf unit=kg/m2                                    | missing
        A 2020-01-01 value=41 unit=kg/m2, A 2020-02-01 value=nan unit=kg/m2   | yes
        A 2020-01-01 value=41 unit=kg/m2, A 2020-02-01 value=inf unit=kg/m2   | yes
        A 2024-03-01 value=41 unit=kg/m2                                      | missing
        A none value=41 unit=kg/m2                                            | missing
        A 2020-01-01 value=41 unit=kg/m2 status=entered-in-error              | missing
        B 2020-01-01 value=41 unit=kg/m2                                      | missing
    """),
    Drawing("latest value above one number and below another", "Neither end counted; in the window alone.", """
latest_value: {list: a, system: snomed, unit: mmol/mol, above: 41, below: 48, days: [0, 365]}
""", """
        facts                                                                     | taken
        A 2024-01-01 value=41 unit=mmol/mol                                       | no
        A 2024-01-01 value=41.1 unit=mmol/mol                                     | yes
        A 2024-01-01 value=47.9 unit=mmol/mol                                     | yes
        A 2024-01-01 value=48 unit=mmol/mol                                       | no
        A 2024-01-01 value=nan unit=mmol/mol                                      | missing
        A 2023-03-01 value=45 unit=mmol/mol                                       | yes
        A 2023-02-28 value=45 unit=mmol/mol                                       | missing
    """),
    Drawing("latest value at most", "Below nothing is still a number; no number is none.", """
latest_value: {list: a, system: snomed, unit: "%", at_most: 0}
""", """
        facts                                          | taken
        A 2020-01-01 value=-1 unit=%                   | yes
        A 2020-01-01 value=-0.0 unit=%                 | yes
        A 2020-01-01 value=0.001 unit=%                | no
        A 2020-01-01 value=nan unit=%                  | missing
        A 2020-01-01 value=-inf unit=%                 | missing
    """),
    Drawing("active", "Begun, not ended before the index date, not marked as over. No end recorded: not ended.", """
active: {list: a, system: snomed}
""", """
        facts                                          | taken
                                                       | no
        A 2020-01-01                                   | yes
        A 2020-01-01 end=2024-02-29                    | yes
        A 2020-01-01 end=2024-02-28                    | no
        A 2020-01-01 end=9999-12-31                    | yes
        A 2020-01-01 status=active                     | yes
        A 2020-01-01 status=resolved                   | no
        A 2020-01-01 status=stopped                    | no
        A 2020-01-01 status=completed                  | no
        A 2020-01-01 end=2030-01-01 status=cancelled   | no
        A 2024-03-01                                   | no
        A none                                         | no
        A 2020-01-01 end=2021-01-01, A 2022-01-01      | yes
    """),
)  # fmt: skip

PERSONS = (
    Drawing("age", "Whole years by the calendar. No birth date, or one to come: missing.", """
age: {at_least: 70}
""", """
        birth_date   | taken
                     | missing
        1954-02-28   | yes
        1954-03-01   | no
        1952-02-29   | yes
        2024-02-29   | no
        2024-03-01   | missing
    """),
    Drawing("age in a range", "Both ends counted.", """
age: {at_least: 18, at_most: 19}
""", """
        birth_date   | taken
        2006-03-01   | no
        2006-02-28   | yes
        2004-02-29   | no
        2004-03-01   | yes
    """),
    Drawing("age of somebody born on 29 February", "Without one this year, a year older on 1 March.", """
age: {at_least: 71}
""", """
        birth_date   | taken
        1952-02-28   | yes
        1952-02-29   | no
        1952-03-01   | no
    """, dt.date(2023, 2, 28)),
    Drawing("age, the day after 28 February", "As above, the next day.", """
age: {at_least: 71}
""", """
        birth_date   | taken
        1952-02-29   | yes
        1952-03-01   | yes
        1952-03-02   | no
    """, dt.date(2023, 3, 1)),
    Drawing("a field of the person among values", "As the feeds write it. Nothing recorded: missing.", """
demographic: {field: language, among: [pl, lt]}
""", """
        language     | taken
                     | missing
        pl           | yes
        en           | no
        PL           | no
    """),
    Drawing("the deprivation decile in a range", "Nothing recorded is missing, never guessed.", """
demographic: {field: imd_decile, at_most: 1}
""", """
        imd_decile   | taken
                     | missing
        1            | yes
        2            | no
    """),
    Drawing("yes or no about the person", "Nothing recorded is neither.", """
demographic: {field: communal, among: [false]}
""", """
        communal     | taken
                     | missing
        false        | yes
        true         | no
    """),
    Drawing("the dead", "Somebody with any death date is placed nowhere, for a list of whatever day.", """
ever: {list: a, system: snomed}
""", """
        facts                        | death_date   | taken
        A 2020-01-01                 |              | yes
        A 2020-01-01                 | 2024-01-01   | no
        A 2020-01-01                 | 2024-03-01   | no
    """),
)  # fmt: skip

TOGETHER = (
    Drawing("all, any, not", "What has no input is not true; so `not` of it is.", """
criteria:
  first: {ever: {list: a, system: snomed}}
  second: {ever: {list: b, system: snomed}}
  heavy: {latest_value: {list: a, system: snomed, unit: kg, at_least: 100}}
groups:
  it: {all: [either, unweighed]}
  either: {any: [first, second]}
  unweighed: {not: heavy}
""", """
        facts                                          | taken
                                                       | no
        A 2020-01-01                                   | yes
        B 2020-01-01                                   | yes
        A 2020-01-01 value=120 unit=kg                 | no
        A 2020-01-01 value=nan unit=kg                 | yes
        A 2020-01-01 value=120 unit=lb                 | yes
        B 2020-01-01, A 2020-01-01 value=99 unit=kg    | yes
    """),
    Drawing("a score", "Whole points of what is true, added once each; they may be less than nothing.", """
criteria:
  first: {ever: {list: a, system: snomed}}
  second: {ever: {list: b, system: snomed}}
  many: {count: {list: a, system: snomed, at_least: 2}}
  still: {active: {list: b, system: snomed}}
groups:
  it: {score: {name: sum, at_least: 3}}
scores:
  sum: {points: {first: 2, second: 2, many: 1, still: -1}}
""", """
        facts                                          | taken
                                                       | no
        A 2020-01-01                                   | no
        A 2020-01-01, A2 2020-01-01                    | yes
        A 2020-01-01, B 2020-01-01                     | yes
        A 2020-01-01, B 2020-01-01 status=resolved     | yes
        B 2020-01-01                                   | no
        A2 2020-01-01, A2 2020-01-01                   | no
    """),
    Drawing("a band of a score", "From its own least to the next band's least, that one not counted.", """
criteria:
  first: {ever: {list: a, system: snomed}}
  many: {count: {list: a, system: snomed, at_least: 2}}
  more: {count: {list: a, system: snomed, at_least: 3}}
groups:
  it: {score: {name: sum, band: middle}}
scores:
  sum:
    points: {first: 5, many: 7, more: 1}
    bands: [{band: low, at_least: 0}, {band: middle, at_least: 5}, {band: high, at_least: 13}]
""", """
        facts                                          | taken
                                                       | no
        A 2020-01-01                                   | yes
        A 2020-01-01, A 2020-01-02                     | yes
        A 2020-01-01, A 2020-01-02, A 2020-01-03       | no
    """),
)  # fmt: skip

WHOLE = (
    Drawing("categories, tiers and rank", "The first category that matches is taken, and in it the first tier.", """
take: first
rank_by: sum
criteria:
  first: {words: First, ever: {list: a, system: snomed}}
  second: {words: Second, ever: {list: b, system: snomed}}
  old: {words: Of a great age, age: {at_least: 80}}
groups:
  either: {words: Either, any: [first, second]}
scores:
  sum: {words: Sum, points: {first: 2, second: 1, old: 10}}
categories:
  - {category: high, words: High, when: first, tiers: [{tier: 1, when: old}, {tier: 2, when: second}, {tier: 3}]}
  - {category: some, words: Some, when: either, tiers: [{tier: 1}]}
""", """
        facts                        | birth_date   | placed   | score
                                     | 1930-01-01   |          |
        A 2020-01-01                 | 1930-01-01   | high 1   | 12
        A 2020-01-01, B 2020-01-01   | 1930-01-01   | high 1   | 13
        A 2020-01-01, B 2020-01-01   | 1990-01-01   | high 2   | 3
        A 2020-01-01                 |              | high 3   | 2
        B 2020-01-01                 | 1990-01-01   | some 1   | 1
    """),
    Drawing("every category", "Where a person takes every category that matches.", """
take: every
criteria:
  first: {words: First, ever: {list: a, system: snomed}}
  second: {words: Second, ever: {list: b, system: snomed}}
categories:
  - {category: one, words: One, when: first, tiers: [{tier: A, when: second}, {tier: B}]}
  - {category: two, words: Two, when: second, tiers: [{tier: A}]}
""", """
        facts                        | placed
                                     |
        A 2020-01-01                 | one B
        B 2020-01-01                 | two A
        A 2020-01-01, B 2020-01-01   | one A; two A
    """),
    Drawing("reasons", "Of what is true, in the order written; never of a `not`.", """
sources: {gp: the GP, x: ""}
criteria:
  ill: {words: Ill, ever: {list: b, system: snomed}}
  heavy: {words: Weight, latest_value: {list: a, system: snomed, unit: kg, at_least: 100}}
  old: {words: Old, age: {at_least: 70}}
  poor: {words: Poor, demographic: {field: imd_decile, at_most: 2}}
groups:
  young: {words: Young, not: old}
  points: {words: Points, score: {name: sum, at_least: 1}}
  any_of_it: {words: Any of it, any: [ill, heavy, points, young]}
scores:
  sum: {words: Sum, points: {old: 3, poor: 2}}
categories:
  - {category: it, words: At risk, when: any_of_it, tiers: [{tier: 1}]}
""", """
        facts                      | birth_date | imd_decile | reasons
                                   | 1990-01-01 |            |
                                   | 1950-01-01 |            | Old (aged 74); Points (3 points)
                                   | 1950-01-01 | 2          | Old (aged 74); Poor; Points (5 points)
        B 2019-03-03 | 1950-01-01 | | Ill recorded on 3 March 2019; Old (aged 74); Points (3 points)
        B 2019-03-03 source=gp     |            |            | Ill recorded on 3 March 2019 by the GP
        B 2019-03-03 source=my_lab |            |            | Ill recorded on 3 March 2019 by my lab
        B 2019-03-03 source=x      |            |            | Ill recorded on 3 March 2019
        B 2019-03-03, B 2020-01-01 |            |            | Ill recorded on 1 January 2020
        B 0987-03-03               |            |            | Ill recorded on 3 March 0987
        A 2020-01-01 value=100.5 unit=kg |      |            | Weight: 100.5 kg recorded on 1 January 2020
        A 2020-01-01 value=100 unit=kg |        |            | Weight: 100 kg recorded on 1 January 2020
    """),
    Drawing("the evidence told", "Of one day: the highest value, then the first code, then the first source.", """
take: first
criteria:
  heavy: {words: Weight, latest_value: {list: a, system: snomed, unit: kg, at_least: 1}}
  ill: {words: Diabetes, ever: {list: b, system: snomed}}
groups:
  either: {words: Either, any: [heavy, ill]}
categories:
  - {category: it, words: At risk, when: either, tiers: [{tier: 1}]}
""", """
        facts                                                                | evidence
        B 2020-01-01 source=gp recorded=2024-02-01                           | B 2020-01-01 gp as of 2024-02-01
        B 2020-01-01 recorded=2024-02-01, B 2020-01-01 recorded=2024-02-02   | B 2020-01-01 as of 2024-02-02
        B 2020-01-01 source=x, B 2020-01-01 source=gp                        | B 2020-01-01 gp
        B 2020-01-01 source=x, B 2020-01-01                                  | B 2020-01-01
        A 2020-01-01 value=70 unit=kg, A2 2020-01-01 value=71 unit=kg        | A2 2020-01-01 71
        A 2020-01-01 value=71 unit=kg, A2 2020-01-01 value=70 unit=kg        | A 2020-01-01 71
        A2 2020-01-01 value=71 unit=kg, A 2020-01-01 value=71 unit=kg        | A 2020-01-01 71
        A 2020-01-01 value=99 unit=lb, A 2019-01-01 value=71 unit=kg         | A 2019-01-01 71
    """),
)  # fmt: skip

CHAPTERS: dict[str, tuple[Drawing, ...]] = {
    "What was recorded": EVENTS,
    "What was recorded last": NEWEST,
    "The person": PERSONS,
    "Put together": TOGETHER,
    "What comes of it": WHOLE,
}

_HEAD = """\
# What a definition means: every operator, by example

Written by `make docs` from `tests/spec/risk/tables.py`; change it there. Every row is one person, and every row is
asked of every engine (`reference`, `duckdb`, `spark`): a page that says something else than an engine does is a failing
test.

The codelist `a` holds the codes `A` and `A2`, the list `b` holds `B`. A fact is a code and a day, in SNOMED CT unless
`system=` says otherwise (`system=none`: it names none), with `value=`, `unit=`, `end=`, `status=`, `source=` and
`recorded=` where it has them; `none` for a day is no day, `BC` one before
the year 1. *Taken*: yes, no, or missing, which is no and is shown:
there was no input. The index date is 29 February 2024 unless the table names another.
"""


def page() -> str:
    """Write every table with its rule, for `docs/reference/operators.md`."""
    return _HEAD + "".join(
        f"\n## {chapter}\n" + "".join(_drawn(each) for each in drawings) for chapter, drawings in CHAPTERS.items()
    )


def _drawn(drawing: Drawing) -> str:
    lines = [[cell.strip() for cell in line.split("|")] for line in drawing.rows.strip().splitlines()]
    lines.insert(1, ["---"] * len(lines[0]))
    rows = "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
    on = "" if drawing.as_of == LEAP_DAY else f" Index date: {drawing.as_of.isoformat()}."
    return f"\n### {drawing.title}\n\n{drawing.says}{on}\n\n```yaml\n{drawing.rule.strip()}\n```\n\n{rows}\n"


if __name__ == "__main__":
    sys.stdout.write(page())
