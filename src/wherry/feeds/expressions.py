"""
The contract's types, values and conditions as DuckDB expressions: each is worked out for a whole column at once.

Identifier rules are those of `foundation.identifiers`; a test holds the two together on random text.
"""

from __future__ import annotations

from wherry.feeds.types import Column, Value, Values, When
from wherry.population.store import sql_text

_SEPARATORS = r"'[\s\x{00a0}-]+'"
_PHONE_SEPARATORS = r"'[\s().\x{00a0}-]+'"
_YES, _NO = "'y','yes','true','1','t'", "'n','no','false','0','f'"


def identifier(name: str) -> str:
    """Quote a column name. Contract names are lower-case words, but the sender's own headers are not."""
    return '"' + name.replace('"', '""') + '"'


def trimmed_sql(text: str) -> str:
    """Give a text without outer blanks, empty as null."""
    # Trimming costs as much as all the rest of reading; most text begins and ends with something to be seen.
    seen = f"ord({text}) BETWEEN 33 AND 126 AND ord({text}[-1]) BETWEEN 33 AND 126"
    return f"CASE WHEN {seen} THEN {text} ELSE nullif(trim({text}, ' \t\r\n\u00a0'), '') END"


def typed_sql(column: Column, *, raw: str, from_sheet: bool = False) -> str:
    """
    Give a column's value in its type, null where the text cannot be one. raw: the text, without outer blanks.

    from_sheet: the text may have been through Excel, in a workbook or in the CSV it wrote: what it makes of values is
    refused as text, and the one loss that is certain, a telephone number's first zero, is made good.
    """
    if from_sheet:
        raw = _without_damage(raw) if column.type == "text" else raw
        raw = f"CASE WHEN {lost_zero_sql(raw)} THEN '0' || {raw} ELSE {raw} END" if column.type == "phones" else raw
    typed = {
        "nhs_number": _nhs_number,
        "date": lambda text: _date(text, column.formats),
        "postcode": _postcode,
        "uprn": _uprn,
        "phones": _phones,
        "email": _email,
        "integer": lambda text: _integer(text, column),
        "number": lambda text: f"CASE WHEN isfinite(TRY_CAST({text} AS DOUBLE)) THEN TRY_CAST({text} AS DOUBLE) END",
        "yes_no": _yes_no,
        "choice": lambda text: _choice(text, column.choices),
        "language": lambda text: _language(text, column.choices),
        "reference": lambda text: rf"nullif(regexp_extract({text}, '([^/:]+)$', 1), '')",
        "codings": _codings,
    }.get(column.type, lambda text: text)(raw)
    if column.if_wrong == "keep":
        return f"coalesce({typed}, {raw})"
    return typed


def lost_zero_sql(raw: str) -> str:
    """
    Say whether a telephone number has lost the zero it began with.

    Ten bare digits beginning 1, 2, 3 or 7 can be nothing else in the United Kingdom (source: Ofcom's numbering plan);
    nine may be a short number's or a number cut off.
    """
    return f"coalesce(regexp_full_match({raw}, '[1237][0-9]{{9}}'), false)"


def value_sql(values: Values, *, recorded_on: str) -> str:
    """Give the first alternative that is there. recorded_on: the expression of the row's day of recording."""
    alternatives = [_one_value(value, recorded_on) for value in values]
    return alternatives[0] if len(alternatives) == 1 else f"coalesce({', '.join(alternatives)})"


def when_sql(whens: tuple[When, ...]) -> str:
    """Give a condition that is true or false, never null: an absent value fulfils only `present: false`."""
    return " AND ".join(_when(when) for when in whens) or "true"


def _one_value(value: Value, recorded_on: str) -> str:
    if value.column:
        found = f"CAST({identifier(value.column)} AS VARCHAR)"
    elif value.join:
        found = (
            f"nullif(concat_ws(', ', {', '.join(f'CAST({identifier(name)} AS VARCHAR)' for name in value.join)}), '')"
        )
    elif value.recorded_on:
        found = f"CAST({recorded_on} AS VARCHAR)"
    else:
        found = sql_text(value.constant or "")
    return f"CASE WHEN {when_sql(value.when)} THEN {found} END" if value.when else found


def _when(when: When) -> str:
    name = identifier(when.column)
    tests = []
    if when.values:
        listed = ", ".join(sql_text(value) for value in when.values)
        tests.append(f"coalesce(CAST({name} AS VARCHAR) IN ({listed}), false)")
    if when.present is not None:
        tests.append(f"{name} IS {'NOT ' if when.present else ''}NULL")
    return " AND ".join(tests) or f"{name} IS NOT NULL"


def _without_damage(text: str) -> str:
    errors = "N/A|REF!|VALUE!|DIV/0!|NAME[?]|NULL!|NUM!|SPILL!|CALC!|FIELD!"
    damage = f"'=.*|#({errors})|[0-9]([.,][0-9]+)?E[+][0-9]{{2,}}'"
    # Most text begins with none of these; the pattern is tried only on what does.
    suspect = f"(left({text}, 1) IN ('=', '#') OR contains({text}, 'E+'))"
    return f"CASE WHEN {suspect} AND regexp_full_match({text}, {damage}) THEN NULL ELSE {text} END"


def _nhs_number(text: str) -> str:
    digits = f"regexp_replace({text}, {_SEPARATORS}, '', 'g')"
    # The ten digits as a small list, so that the weighted sum is written once.
    total = f"list_sum(list_transform(range(1, 10), lambda i: (11 - i) * CAST(substr({digits}, i, 1) AS INTEGER)))"
    check = f"(11 - {total} % 11) % 11 = CAST(substr({digits}, 10, 1) AS INTEGER)"
    shaped = f"regexp_full_match({digits}, '[0-9]{{10}}') AND {digits} <> repeat(substr({digits}, 1, 1), 10)"
    return f"CASE WHEN {shaped} THEN CASE WHEN {check} THEN {digits} END END"


def _date(text: str, formats: tuple[str, ...]) -> str:
    tries = []
    for form in formats or ("%Y-%m-%d",):
        if form == "excel_serial":
            # Excel counts days from 30 December 1899 (its 29 February 1900 never was); five digits are 1927 to 2173.
            tries.append(
                f"CASE WHEN regexp_full_match({text}, '[1-9][0-9]{{4}}')"
                f" THEN DATE '1899-12-30' + CAST({text} AS INTEGER) END"
            )
        elif form == "iso_start":
            tries.append(
                f"CASE WHEN regexp_matches({text}, '^[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}(T|$)')"
                f" THEN TRY_CAST(left({text}, 10) AS DATE) END"
            )
        else:
            tries.append(f"CAST(try_strptime({text}, {sql_text(form)}) AS DATE)")
    found = f"coalesce({', '.join(tries)})"
    # A year of 711 or 50 is a reader's slip, not a date: nobody alive and no record of theirs is older than 1890.
    return f"CASE WHEN {found} BETWEEN DATE '1890-01-01' AND DATE '2199-12-31' THEN {found} END"


def _postcode(text: str) -> str:
    squeezed = f"upper(regexp_replace({text}, {_SEPARATORS}, '', 'g'))"
    shaped = f"regexp_full_match({squeezed}, '(GIR0AA|[A-Z]{{1,2}}[0-9][0-9A-Z]?[0-9][A-Z]{{2}})')"
    return f"CASE WHEN {shaped} THEN left({squeezed}, -3) || ' ' || right({squeezed}, 3) END"


def _uprn(text: str) -> str:
    digits = f"regexp_replace({text}, {_SEPARATORS}, '', 'g')"
    return f"CASE WHEN regexp_full_match({digits}, '[0-9]{{1,12}}') THEN nullif(ltrim({digits}, '0'), '') END"


def _phones(text: str) -> str:
    digits = f"list_transform(regexp_split_to_array({text}, '[/;,|]| or | and '),"
    digits += f" lambda p: regexp_replace(p, {_PHONE_SEPARATORS}, '', 'g'))"
    prefix = r"'^(\+440?|00440?|0)'"
    national = f"list_filter({digits}, lambda p: regexp_full_match(p, '(\\+440?|00440?|0)[1-9][0-9]{{8,9}}'))"
    found = f"list_transform({national}, lambda p: '+44' || regexp_replace(p, {prefix}, ''))"
    distinct = f"list_filter({found}, lambda p, i: list_position({found}, p) = i)"
    return f"CASE WHEN len({found}) > 0 THEN {distinct} END"


def _email(text: str) -> str:
    return rf"CASE WHEN regexp_full_match({text}, '[^@\s,;]+@[^@\s,;]+\.[^@\s,;.]+') THEN lower({text}) END"


def _integer(text: str, column: Column) -> str:
    number = f"CASE WHEN regexp_full_match({text}, '[+-]?[0-9]{{1,18}}') THEN CAST({text} AS BIGINT) END"
    if column.least is None and column.most is None:
        return number
    least = "-1e18" if column.least is None else column.least
    most = "1e18" if column.most is None else column.most
    return f"CASE WHEN ({number}) BETWEEN {least} AND {most} THEN {number} END"


def _yes_no(text: str) -> str:
    return f"CASE WHEN lower({text}) IN ({_YES}) THEN 'yes' WHEN lower({text}) IN ({_NO}) THEN 'no' END"


def _choice(text: str, choices: tuple[tuple[str, str], ...]) -> str:
    cases = " ".join(f"WHEN {sql_text(sent.casefold())} THEN {sql_text(meant)}" for sent, meant in choices)
    return f"CASE lower({text}) {cases} END" if cases else text


def _language(text: str, choices: tuple[tuple[str, str], ...]) -> str:
    code = f"CASE WHEN regexp_matches({text}, '^[A-Za-z]{{2,3}}(-|$)') THEN lower(split_part({text}, '-', 1)) END"
    return f"coalesce({_choice(text, choices)}, {code})" if choices else code


def _codings(text: str) -> str:
    shape = """'[{"system":"VARCHAR","code":"VARCHAR"}]'"""
    listed = f"list_filter(json_transform(TRY_CAST({text} AS JSON), {shape}), lambda c: nullif(c.code, '') IS NOT NULL)"
    return f"CASE WHEN len({listed}) > 0 THEN {listed} END"
