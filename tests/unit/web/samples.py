"""What the sample pages show. Every person here is invented."""

from __future__ import annotations

import datetime as dt
from typing import Any

from wherry.web.components.charts import Bar, bar_chart, column_chart
from wherry.web.components.forms import Choice, Field, FieldKind, bound_fields, error_summary
from wherry.web.components.pieces import NavigationItem, Status, TaskCard

FIELDS = (
    Field("token", FieldKind.HIDDEN),
    Field(
        "food",
        FieldKind.RADIOS,
        "Have you enough food?",
        choices=(
            Choice("enough", "Yes, enough for now"),
            Choice("two_days_or_less", "Two days or less", hint="Count only what you can eat without going out"),
            Choice("none", "None"),
        ),
    ),
    Field(
        "help",
        FieldKind.CHECKBOXES,
        "What would help?",
        hint="Choose all that fit",
        choices=(
            Choice("food", "Food"),
            Choice("medicines", "Medicines"),
            Choice("nothing", "None of these", alone=True),
        ),
    ),
    Field("born", FieldKind.DATE, "When were you born?", hint="For example, 27 3 1941", autocomplete="bday"),
    Field("phone", FieldKind.TEXT, "Your telephone number", type="tel", autocomplete="tel", width=20),
    Field("anything", FieldKind.TEXTAREA, "Is there anything else?"),
)
ERRORS = {
    "food": "Choose an answer about food",
    "born": "Enter your date of birth",
    "phone": "Enter a telephone number",
}
VALUES = {"food": "none", "help": ("food",), "born": {"day": "31", "month": "2"}, "anything": "Thank you <b>"}
FOOTER = {"contact": "/talk", "stop": "/stop", "not_me": "/not-me", "privacy": "/privacy"}
NOW = dt.datetime(2026, 7, 2, 9, 30, tzinfo=dt.UTC)


def _person(language: str, title: str, errors: dict[str, str]) -> dict[str, Any]:
    return {
        "language": language,
        "title": title,
        "back": "/before",
        "synthetic": True,
        "errors": errors,
        "footer_links": FOOTER,
        "other_languages": [
            {"language": "pl", "name": "Polski", "href": "?pl"},
            {"language": "lt", "name": "Lietuvių", "href": "?lt"},
        ],
        "bound": bound_fields(
            fields=FIELDS, values=VALUES, errors=errors, language="en" if language == "ar" else language
        ),
        "summary": error_summary(fields=FIELDS, errors=errors, language="en" if language == "ar" else language),
        "day": NOW,
        "number": "9990000018",
    }


STAFF = {
    "title": "Today",
    "site_name": "Support team",
    "signed_in_name": "Sam Example",
    "sign_out": "/sign-out",
    "synthetic": True,
    "navigation": [
        NavigationItem("Next call", "/next", current=True),
        NavigationItem("My calls", "/mine"),
        NavigationItem("Call backs", "/later"),
        NavigationItem("Report a hazard", "/hazard"),
    ],
    "task": TaskCard(
        "Ring about food",
        "/task",
        (Status("Today", "red"), Status("Waiting", "blue")),
        ("No answer to two texts",),
        NOW,
    ),
    "steps_in_numbers": [
        ("Found at risk", "12,345", "", ""),
        ("Contacted", "11,000", "89 %", "two waves"),
        ("Aldona Verylongfamilyname-Anotherone", 0, "0 %", Status("Waiting", "blue")),
    ],
    "steps": bar_chart(
        name="steps",
        title="From found to helped",
        bars=[
            Bar("Found at risk by practices with a very long name indeed", 12_345, "12,345"),
            Bar("Contacted", 11_000, "11,000 (89 %)"),
            Bar("Helped", None, "under 5"),
        ],
    ),
    "days": column_chart(
        name="days",
        title="Waiting by day",
        bars=[Bar(f"{day} Nov", day * 90, f"{day * 90:,}", "alarm" if day > 12 else "main") for day in range(1, 15)],
    ),
}

SAMPLES: dict[str, tuple[str, dict[str, Any]]] = {
    "person-en": ("sample_person.jinja", _person("en", "How are you today?", {})),
    "person-pl": ("sample_person.jinja", _person("pl", "Jak się dziś czujesz?", ERRORS)),
    "person-lt": ("sample_person.jinja", _person("lt", "Kaip šiandien jaučiatės?", {})),
    "person-ar": ("sample_person.jinja", _person("ar", "كيف حالك اليوم؟", ERRORS)),
    "staff": ("sample_staff.jinja", STAFF),
    "refusal": ("wherry/refusal.jinja", {"layout": "wherry/person.jinja", "status": "404", "language": "pl"}),
    "refusal-staff": ("wherry/refusal.jinja", {"layout": "wherry/staff.jinja", "status": "403", "language": "en"}),
}
