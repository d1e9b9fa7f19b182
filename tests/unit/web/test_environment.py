from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest
from django.template.backends.jinja2 import Jinja2
from django.test import RequestFactory
from jinja2 import Environment

from tests.unit.web.conftest import STATIC
from tests.unit.web.samples import SAMPLES
from wherry.web.components.pieces import Status
from wherry.web.components.words import WordsMissing


def test_the_stylesheet_and_the_script_name_no_other_host() -> None:
    for name in ("wherry.css", "wherry.js"):
        text = re.sub(r"http://www\.w3\.org/\d{4}/svg", "", (STATIC / "wherry" / name).read_text(encoding="utf-8"))
        assert re.findall(r"(?:https?:)?//[a-z0-9.-]+\.[a-z]{2,}", text) == []


def test_every_file_the_stylesheet_names_is_shipped() -> None:
    css = (STATIC / "wherry" / "wherry.css").read_text(encoding="utf-8")
    named = {path for path in re.findall(r'url\("?\./([^")]+)"?\)', css)}
    assert named
    assert [path for path in named if not (STATIC / "wherry" / path).exists()] == []


@pytest.mark.parametrize("name", SAMPLES)
def test_no_page_has_an_inline_script_or_style_or_another_bodys_identity(pages: Environment, name: str) -> None:
    template, context = SAMPLES[name]
    html = pages.get_template(template).render(context)
    assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)", html)
    assert not re.search(r"NHS|nhsuk-header__logo", html.replace("NHS number", ""))


def test_a_page_without_a_language_is_refused(pages: Environment) -> None:
    with pytest.raises(WordsMissing, match="names no language"):
        pages.from_string("{{ t('continue') }}").render()


def test_numbers_keep_their_order_in_any_language(pages: Environment) -> None:
    html = pages.from_string(
        "{{ '9990000018' | nhs_number }}|{{ '+447700900001' | phone }}|{{ none | nhs_number }}"
    ).render()
    assert html == '<bdi dir="ltr">999 000 0018</bdi>|<bdi dir="ltr">07700 900001</bdi>|'


def test_a_time_is_shown_as_clocks_here_show_it(pages: Environment) -> None:
    moment = dt.datetime(2026, 7, 1, 23, 30, tzinfo=dt.UTC)
    shown = pages.from_string("{{ at | datetime }} / {{ at | date }}").render(at=moment, language="en")
    assert shown == "2 July 2026 at 00:30 / 2 July 2026"


def test_words_in_another_language_are_marked_and_escaped(pages: Environment) -> None:
    assert pages.from_string("{{ '<b>' | part('ar') }}").render() == '<span lang="ar" dir="rtl">&lt;b&gt;</span>'


def test_a_tag_in_a_colour_the_toolkit_lacks_is_refused() -> None:
    with pytest.raises(ValueError, match="cannot be mauve"):
        Status("Odd", "mauve")


def test_django_renders_a_site_of_its_own_over_the_shared_layouts(tmp_path: Path) -> None:
    (tmp_path / "own.jinja").write_text("{% extends 'wherry/staff.jinja' %}{% block content %}{{ said }}{% endblock %}")
    options = {"environment": "wherry.web.components.environment.environment"}
    backend = Jinja2({"NAME": "jinja2", "DIRS": [tmp_path], "APP_DIRS": False, "OPTIONS": options})
    context = {"title": "Own", "said": "<b>", "signed_in_name": "Sam", "sign_out": "/out"}
    html = backend.get_template("own.jinja").render(context, request=RequestFactory().get("/"))
    assert "&lt;b&gt;" in html
    assert 'name="csrfmiddlewaretoken"' in html
    assert "/static/wherry/wherry.css" in html
