from __future__ import annotations

import re

from jinja2 import Environment
from markupsafe import Markup

from tests.unit.web.samples import FIELDS, VALUES
from wherry.web.components.drawn import Drawn
from wherry.web.components.forms import Field, FieldKind, bound_fields

BUTTON = '{% from "nhsuk/components/button/macro.jinja" import button %}'
TOOLKITS = """{% from "nhsuk/components/tables/macro.jinja" import table %}{{ table({
  "caption": {"text": caption, "size": "m"}, "head": titles, "rows": lines, "firstCellIsHeader": true,
  "classes": classes, "responsive": responsive}) }}"""
OURS = """{% import "wherry/tables.jinja" as tables with context %}
{{ tables.table(caption, head, rows, numeric, responsive) }}"""


class Counting:
    """A macro that counts how often it is drawn."""

    name = "counting"

    def __init__(self) -> None:
        self.times = 0

    def __call__(self, params: object) -> Markup:
        self.times += 1
        return Markup("{}").format(str(params))


def test_what_looks_the_same_for_everybody_is_drawn_once() -> None:
    drawn, macro = Drawn(), Counting()
    assert drawn(macro, {"text": "Go on"}) == drawn(macro, {"text": "Go on"})
    drawn(macro, {"text": "Go back"})
    assert macro.times == 2


def test_what_somebody_typed_is_drawn_each_time_and_kept_nowhere() -> None:
    drawn, macro = Drawn(), Counting()
    for _ in range(2):
        drawn(macro, {"value": "my own words"}, keep=False)
    assert macro.times == 2
    assert "my own words" not in repr(drawn._kept)


def test_a_field_with_a_value_or_an_error_is_not_blank() -> None:
    food = next(field for field in FIELDS if field.name == "food")
    assert [one.is_blank for one in bound_fields(fields=[food])] == [True]
    assert [one.is_blank for one in bound_fields(fields=[food], values=VALUES)] == [False]
    assert [one.is_blank for one in bound_fields(fields=[food], errors={"food": "Choose"})] == [False]


def test_text_is_escaped_though_the_same_markup_was_drawn_before(pages: Environment) -> None:
    page = pages.from_string(BUTTON + "{{ drawn(button, {'html': said}) }}{{ drawn(button, {'text': said}) }}")
    marked, plain = page.render(said=Markup("<b>Go</b>")), page.render(said="<b>Go</b>")
    assert "<b>Go</b>" in marked
    assert "&lt;b&gt;Go" in plain


def test_the_same_field_drawn_with_and_without_an_answer_differs_by_the_answer_alone(pages: Environment) -> None:
    named = Field("named", FieldKind.TEXT, "What shall we call you?")
    page = pages.from_string('{% import "wherry/form.jinja" as form %}{{ form.fields(bound) }}')
    blank, filled = (
        page.render(bound=bound_fields(fields=[named], values=values)) for values in ({}, {"named": "Ann"})
    )
    assert filled.replace(' value="Ann"', "") == blank.replace(' value=""', "")


def test_our_table_is_the_toolkits_table(pages: Environment) -> None:
    head, numeric = ["Step", "People", "Share", "Note"], [1, 2]
    rows = [["Found", "12", "", "<b>"], ["Rung", 0, "0 %", "-"]]
    known = {"caption": "Steps", "head": head, "rows": rows, "numeric": numeric, "responsive": False}
    known["titles"] = [{"text": text, "format": "numeric" if at in numeric else None} for at, text in enumerate(head)]
    known["lines"] = [[{"text": str(cell)} for cell in row] for row in rows]
    known["classes"] = "nhsuk-table--compact wherry-table"
    ours, theirs = (_elements(pages.from_string(one).render(known)) for one in (OURS, TOOLKITS))
    assert ours == theirs
    assert ("/table", frozenset()) in ours


def _elements(html: str) -> list[tuple[str, frozenset[tuple[str, frozenset[str]]]] | str]:
    """Give tags with their attributes in no order, and words, without the space between them."""
    found: list[tuple[str, frozenset[tuple[str, frozenset[str]]]] | str] = []
    for tag, words in re.findall(r"<([^>]*)>|([^<]+)", html):
        if words.strip():
            found.append(words.strip())
        if tag:
            attributes = re.findall(r'([\w-]+)="([^"]*)"', tag)
            found.append((tag.split()[0], frozenset((name, frozenset(text.split())) for name, text in attributes)))
    return found
