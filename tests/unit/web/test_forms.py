from __future__ import annotations

import datetime as dt

from django.http import QueryDict
from jinja2 import Environment

from tests.unit.web.samples import ERRORS, FIELDS, VALUES
from wherry.web.components.forms import Field, FieldKind, bound_fields, error_summary, posted_values, typed_date


def _drawn(pages: Environment, **how: object) -> str:
    bound = bound_fields(fields=FIELDS, **how)  # type: ignore[arg-type]
    return pages.from_string('{% import "wherry/form.jinja" as form %}{{ form.fields(bound) }}').render(bound=bound)


def test_an_unanswered_question_is_absent_and_never_an_empty_answer() -> None:
    posted = QueryDict("token=abc&food=&help=&born-day=&born-month=&anything=+")
    assert posted_values(fields=FIELDS, posted=posted) == {"token": "abc", "help": ("",)}


def test_what_was_posted_is_read_by_the_kind_of_its_field() -> None:
    posted = QueryDict("food=none&help=food&help=medicines&born-day=27&born-month=3&born-year=1941&stranger=1")
    read = posted_values(fields=FIELDS, posted=posted)
    assert read["food"] == "none"
    assert read["help"] == ("food", "medicines")
    assert typed_date(read["born"]) == dt.date(1941, 3, 27)
    assert "stranger" not in read


def test_a_date_that_is_no_day_is_not_repaired() -> None:
    for day, month, year in (("31", "2", "1941"), ("1", "1", "41"), ("x", "1", "1941"), ("", "1", "1941")):
        assert typed_date({"day": day, "month": month, "year": year}) is None
    assert typed_date(None) is None


def test_what_was_typed_stays_and_is_escaped(pages: Environment) -> None:
    html = _drawn(pages, values=VALUES, errors=ERRORS)
    assert "Thank you &lt;b&gt;" in html
    assert 'value="none" checked' in html
    assert 'value="31"' in html


def test_a_hostile_label_or_error_cannot_become_markup(pages: Environment) -> None:
    bad = Field("bad", FieldKind.TEXT, "<script>one</script>", hint="<script>two</script>")
    bound = bound_fields(fields=[bad], errors={"bad": "<script>three</script>"})
    html = pages.from_string('{% import "wherry/form.jinja" as form %}{{ form.fields(bound) }}').render(bound=bound)
    assert "<script" not in html
    assert html.count("&lt;script&gt;") == 3


def test_each_error_links_to_its_first_input() -> None:
    summary = error_summary(fields=FIELDS, errors=ERRORS, language="lt")
    assert summary is not None
    assert summary["heading"] == "Reikia ką nors pataisyti"
    assert [link["href"] for link in summary["errorList"]] == ["#food", "#born-day", "#phone"]
    assert error_summary(fields=FIELDS, errors={}) is None


def test_every_id_on_a_form_is_there_once(pages: Environment) -> None:
    import re

    ids = re.findall(r'\bid="([^"]+)"', _drawn(pages, values=VALUES, errors=ERRORS))
    assert sorted(ids) == sorted(set(ids))


def test_a_field_in_another_language_says_so(pages: Environment) -> None:
    bound = bound_fields(fields=[Field("own", FieldKind.TEXT, "Kaip sekasi?", language="lt")])
    html = pages.from_string('{% import "wherry/form.jinja" as form %}{{ form.fields(bound) }}').render(bound=bound)
    assert 'lang="lt" dir="ltr"' in html
