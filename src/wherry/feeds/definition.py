"""The schema of a feed contract, its parsing, and the checks a schema cannot make."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from wherry.feeds.types import Column, Contract, Emission, Part, Pick, Value, Values, When
from wherry.foundation.identifiers import parse_nhs_number

RECORD_FIELDS = (
    "nhs_number given_name family_name birth_date death_date sex ethnicity language address postcode lsoa imd_decile"
    " uprn place practice_code communal synthetic"
).split()
FACT_FIELDS = "kind system code date end_date status value unit".split()
CONTACT_FIELDS = "kind value recorded_on verified_on".split()
ADDRESS_FIELDS = ("uprn", "postcode")
WISH_FIELDS = "kind value recorded_on ends_on".split()
TYPES = (
    "text nhs_number date postcode uprn phones email integer number yes_no choice language reference codings".split()
)

RESERVED = frozenset(
    (
        "row_number line file_no fault fault_column fault_text said content subject_id record_id recorded_on rule"
        " rule_column sent doubts source batch_id outcome nth seat failed"
    ).split()
)
"""What no column of a contract may be called: landing keeps its own account of each row under these names."""

_NAME = {"type": "string", "pattern": "^[a-z][a-z0-9_]*$"}
_TEXTS = {"type": "array", "items": {"type": "string"}}
_WHEN = {
    "type": "object",
    "additionalProperties": False,
    "required": ["column"],
    "properties": {"column": _NAME, "is": {"type": ["string", "array"]}, "present": {"type": "boolean"}},
}
_WHENS = {"anyOf": [_WHEN, {"type": "array", "items": _WHEN}]}
_ONE_VALUE = {
    "anyOf": [
        _NAME,
        {
            "type": "object",
            "additionalProperties": False,
            "minProperties": 1,
            "properties": {
                "column": _NAME,
                "join": {"type": "array", "items": _NAME},
                "constant": {"type": "string"},
                "recorded_on": {"const": True},
                "when": _WHENS,
            },
        },
    ]
}
_VALUE = {"anyOf": [_ONE_VALUE, {"type": "array", "items": _ONE_VALUE}]}


def _emission(fields: Iterable[str], **more: object) -> dict[str, object]:
    properties = {**{name: _VALUE for name in fields}, "when": _WHENS, **more}
    return {"type": "array", "items": {"type": "object", "additionalProperties": False, "properties": properties}}


_COLUMN = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "type": {"enum": TYPES},
        "headers": _TEXTS,
        "paths": _TEXTS,
        "pick": {
            "type": "object",
            "additionalProperties": False,
            "required": ["list", "take"],
            "properties": {
                "list": {"type": "string"},
                "take": {"type": "string"},
                "where": {"type": "object"},
                "every": {"type": "boolean"},
            },
        },
        "required": {"type": "boolean"},
        "needed": {"type": "boolean"},
        "formats": _TEXTS,
        "choices": {"type": "object", "additionalProperties": {"type": "string"}},
        "refused": _TEXTS,
        "if_wrong": {"enum": ["quarantine", "blank", "keep"]},
        "least": {"type": "integer"},
        "most": {"type": "integer"},
    },
}
_PART: dict[str, Any] = {
    "columns": {"type": "object", "propertyNames": _NAME, "additionalProperties": _COLUMN, "minProperties": 1},
    "subject": {"type": "array", "items": _NAME},
    "require_any": {"type": "array", "items": {"type": "array", "items": _NAME}},
    "recorded_on": _NAME,
    "sent_by": _NAME,
    "record": {"type": "object", "additionalProperties": False, "properties": {n: _VALUE for n in RECORD_FIELDS}},
    "facts": _emission(FACT_FIELDS, codings=_NAME),
    "contact_points": _emission(CONTACT_FIELDS, phones=_NAME),
    "wishes": _emission(WISH_FIELDS),
    "lives_at": {
        "type": "object",
        "additionalProperties": False,
        "minProperties": 1,
        "properties": {name: _NAME for name in ADDRESS_FIELDS},
        "description": "The rows are about addresses: what they say is so of whoever lives there.",
    },
    "entries": {"type": "boolean"},
}
SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "Feed contract",
    "type": "object",
    "additionalProperties": False,
    "required": ["name", "title", "sender", "source", "kind", "format", "freshness_days"],
    "properties": {
        "name": _NAME,
        "title": {"type": "string"},
        "sender": {"type": "string"},
        "source": _NAME,
        "kind": {"enum": ["snapshot", "cumulative", "delta"]},
        "format": {"enum": ["csv", "fhir"]},
        "freshness_days": {"type": "integer", "minimum": 0},
        "delimiter": {"type": "string", "minLength": 1, "maxLength": 1},
        "synthetic": {"type": "boolean"},
        "canary": {"type": "string"},
        "systems": {"type": "object", "additionalProperties": {"type": "string"}},
        "resources": {
            "type": "object",
            "additionalProperties": {"type": "object", "additionalProperties": False, "properties": _PART},
        },
        **_PART,
    },
    "oneOf": [
        {"properties": {"format": {"const": "csv"}}, "required": ["columns"], "not": {"required": ["resources"]}},
        {"properties": {"format": {"const": "fhir"}}, "required": ["resources"], "not": {"required": ["columns"]}},
    ],
}


def parse(data: Mapping[str, Any]) -> Contract:
    """Read a contract from plain values that passed SCHEMA."""
    sections = data["resources"] if data["format"] == "fhir" else {"": data}
    return Contract(
        name=data["name"],
        title=data["title"],
        sender=data["sender"],
        source=data["source"],
        kind=data["kind"],
        format=data["format"],
        freshness_days=data["freshness_days"],
        parts=tuple(_part(resource, section) for resource, section in sections.items()),
        delimiter=data.get("delimiter", ","),
        synthetic=data.get("synthetic", False),
        systems=tuple(data.get("systems", {}).items()),
        canary=data.get("canary"),
    )


def problems(contract: Contract) -> tuple[str, ...]:
    """List what a schema cannot see: names of columns that are not there, one spelling meaning two columns."""
    found: list[str] = []
    if contract.canary is not None and not (contract.canary.startswith("999") and parse_nhs_number(contract.canary)):
        found.append(f"{contract.name}: the canary must be an invented NHS number, one that begins 999")
    for part in contract.parts:
        known = {column.name for column in part.columns}
        place = f"{contract.name} {part.resource}".strip()
        found += [f"{place}: no column is called {name}" for name in sorted(_names_used(part) - known)]
        found += [
            f"{place}: no column may be called {column.name}, landing needs that name; keep it as one of its headers"
            for column in part.columns
            if column.name in RESERVED
        ]
        spellings = [key for column in part.columns for key in header_keys(column)]
        found += [f"{place}: {fault}" for fault in _wrong_about_addresses(part)]
        twice = sorted({key for key in spellings if spellings.count(key) > 1})
        found += [f"{place}: the header {key} means two columns" for key in twice]
    return tuple(found)


def _wrong_about_addresses(part: Part) -> list[str]:
    if not part.lives_at:
        return []
    found = []
    if part.record is not None or part.contact_points or part.wishes or part.entries:
        found.append("a row with lives_at is about an address, not a person; leave it facts only")
    if not part.facts:
        found.append("lives_at says whom facts are about, and there are none; add facts")
    addresses = set(part.lives_at.values())
    if not part.require_any or any(not addresses & set(group) for group in part.require_any):
        found.append("a row may name no address; let each group of require_any hold a column of lives_at")
    return found


def header_key(text: str) -> str:
    """Reduce a header to what counts: letters and digits, in lower case, so that `NHS Number` is `nhs_number`."""
    return "".join(character for character in text.casefold() if character.isalnum())


def header_keys(column: Column) -> tuple[str, ...]:
    """List the reduced spellings a column is known by, its own name first."""
    return tuple(dict.fromkeys(header_key(text) for text in (column.name, *column.headers)))


def _part(resource: str, data: Mapping[str, Any]) -> Part:
    record = data.get("record")
    return Part(
        resource=resource,
        columns=tuple(_column(name, column or {}) for name, column in data["columns"].items()),
        subject=tuple(data.get("subject", ())),
        require_any=tuple(tuple(group) for group in data.get("require_any", ())),
        recorded_on=data.get("recorded_on"),
        record={name: _values(value) for name, value in record.items()} if record is not None else None,
        facts=_emissions(data.get("facts", ())),
        contact_points=_emissions(data.get("contact_points", ())),
        wishes=_emissions(data.get("wishes", ())),
        entries=data.get("entries", False),
        lives_at=data.get("lives_at", {}),
        sent_by=data.get("sent_by"),
    )


def _column(name: str, data: Mapping[str, Any]) -> Column:
    pick = data.get("pick")
    plain = {key: data[key] for key in ("type", "required", "needed", "if_wrong", "least", "most") if key in data}
    chosen = Pick(**{**pick, "where": tuple(pick.get("where", {}).items())}) if pick else None
    return Column(
        name=name,
        headers=tuple(data.get("headers", ())),
        paths=tuple(data.get("paths", ())),
        pick=chosen,
        formats=tuple(data.get("formats", ())),
        choices=tuple(data.get("choices", {}).items()),
        refused=tuple(data.get("refused", ())),
        **plain,
    )


def _emissions(data: Iterable[Mapping[str, Any]]) -> tuple[Emission, ...]:
    apart = ("when", "codings", "phones")
    return tuple(
        Emission(
            fields={name: _values(value) for name, value in one.items() if name not in apart},
            when=_whens(one.get("when")),
            codings=one.get("codings"),
            phones=one.get("phones"),
        )
        for one in data
    )


def _values(data: object) -> Values:
    return tuple(_value(one) for one in (data if isinstance(data, list) else [data]))


def _value(data: Any) -> Value:
    if isinstance(data, str):
        return Value(column=data)
    plain = {key: data[key] for key in ("column", "constant", "recorded_on") if key in data}
    return Value(join=tuple(data.get("join", ())), when=_whens(data.get("when")), **plain)


def _whens(data: Any) -> tuple[When, ...]:
    if data is None:
        return ()
    found = data if isinstance(data, list) else [data]
    return tuple(When(one["column"], _texts(one.get("is", ())), one.get("present")) for one in found)


def _texts(value: Any) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


def emitted_names(part: Part) -> set[str]:
    """Name the columns whose values a part's outputs are made of."""
    if part.entries:
        return {column.name for column in part.columns}
    emissions = (*part.facts, *part.contact_points, *part.wishes)
    values = [value for one in emissions for alternatives in one.fields.values() for value in alternatives]
    values += [value for alternatives in (part.record or {}).values() for value in alternatives]
    whens = [when for one in emissions for when in one.when] + [when for value in values for when in value.when]
    used = {when.column for when in whens} | {name for value in values for name in value.join}
    used |= {value.column for value in values if value.column} | ({part.sent_by} if part.sent_by else set())
    return used | {name for one in emissions for name in (one.codings, one.phones) if name}


def _names_used(part: Part) -> set[str]:
    used = emitted_names(part) | {name for group in part.require_any for name in group} | set(part.subject)
    used |= set(part.lives_at.values())
    return used | ({part.recorded_on} if part.recorded_on else set())
