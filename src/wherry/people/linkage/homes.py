"""Where people live together: one household, or a communal home whose residents are each on their own."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from wherry.foundation.content import content_folder
from wherry.foundation.errors import InputWrong
from wherry.people.linkage.reading import home_sql
from wherry.population.store import sql_text

_FILE = Path("words") / "communal_homes.yaml"


@dataclass(frozen=True)
class CommunalWords:
    """What marks a communal home. words, unless_before: folded to letters and digits; crowd: people at one address."""

    words: tuple[str, ...]
    unless_before: tuple[str, ...]
    crowd: int


def communal_words(*, file: Path | None = None) -> CommunalWords:
    """Read the words from the content folder. Raises InputWrong naming the file and what is wrong in it."""
    place = file or content_folder("feeds") / _FILE
    try:
        found = yaml.safe_load(place.read_text(encoding="utf-8"))
    except FileNotFoundError as missing:
        raise InputWrong(f"{place} does not exist; restore it, it says which addresses are communal homes") from missing
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        line = getattr(getattr(error, "problem_mark", None), "line", 0) + 1
        raise InputWrong(f"{place}:{line}: not readable as YAML; mend that line") from error
    if not isinstance(found, dict) or set(found) != {"words", "unless_before", "crowd"}:
        raise InputWrong(f"{place}:1: it must hold words, unless_before and crowd, and nothing else; mend it")
    if not isinstance(found["crowd"], int) or found["crowd"] < 2:
        raise InputWrong(f"{place}:1: crowd must be a number of people, 2 or more; mend it")
    return CommunalWords(_texts(found, "words", place), _texts(found, "unless_before", place), found["crowd"])


def _texts(found: dict[str, Any], name: str, place: Path) -> tuple[str, ...]:
    values = found[name]
    if not isinstance(values, list) or not all(isinstance(one, str) and _fold(one) for one in values):
        raise InputWrong(f"{place}:1: {name} must be a list of words; mend it")
    return tuple(_fold(one) for one in values)


def _fold(words: str) -> str:
    return re.sub(r"[^a-z0-9]+", " ", words.lower().replace("'", "")).strip()


def is_communal_sql(address: str, words: CommunalWords) -> str:
    """Say of an address, in SQL, whether its words mark a communal home. A street of that name does not."""
    if not words.words:
        return "false"
    folded = f"' ' || regexp_replace(replace(lower({address}), '''', ''), '[^a-z0-9]+', ' ', 'g') || ' '"
    marks = "|".join(words.words)
    if words.unless_before:
        street = sql_text(rf" ({marks}) ({'|'.join(words.unless_before)}) ")
        folded = f"regexp_replace({folded}, {street}, ' ', 'g')"
    return f"coalesce(regexp_matches({folded}, {sql_text(rf' ({marks}) ')}), false)"


def homes_sql(words: CommunalWords) -> str:
    """
    Give each person's home from `landed` and `linked`: person_id, home, communal, is_crowded.

    home: where the newest row that says so has them live: the property number, else that of the same address where only
    one is known, else the address. communal: some sender marks anybody's record there, its address says so, or more
    people than a crowd have that property number.
    """
    line = home_sql("address", "postcode")
    return f"""
        WITH place AS (
            SELECT person_id, rank, coalesce(communal, false) AS is_marked, address, nullif(uprn, '') AS uprn,
                {line} AS line
            FROM landed JOIN linked USING (record_id)
        ),
        numbered AS (
            SELECT line, any_value(uprn) AS known FROM place WHERE uprn IS NOT NULL AND line IS NOT NULL
            GROUP BY line HAVING count(DISTINCT uprn) = 1
        ),
        worded AS (
            SELECT address, {is_communal_sql("address", words)} AS is_worded
            FROM (SELECT DISTINCT address FROM place WHERE address <> '')
        ),
        lived AS (
            SELECT person_id, rank, is_marked OR coalesce(is_worded, false) AS is_marked,
                coalesce('uprn ' || uprn, 'uprn ' || known, line) AS home
            FROM place LEFT JOIN numbered USING (line) LEFT JOIN worded USING (address)
        ),
        marked AS (SELECT DISTINCT home FROM lived WHERE is_marked AND home IS NOT NULL),
        person_home AS (
            SELECT person_id, arg_max(home, rank) FILTER (WHERE home IS NOT NULL) AS home,
                bool_or(is_marked AND home IS NULL) AS is_said
            FROM lived GROUP BY person_id
        ),
        counted AS (SELECT *, home IS NOT NULL AND count(*) OVER (PARTITION BY home) > {words.crowd} AS is_crowded
            FROM person_home)
        SELECT person_id, home, is_crowded,
            is_said OR home IN (SELECT home FROM marked) OR (is_crowded AND home LIKE 'uprn %') AS communal
        FROM counted
    """
