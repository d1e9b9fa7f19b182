"""
The Jinja environment of every site, for Django's Jinja2 backend (`OPTIONS: environment`).

Pages name their language in the context as `language`; `t("key")` and the date filters read it there. A file of macros
that uses them is imported `with context`, else `t` refuses to guess.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any

from django.templatetags.static import static
from django.urls import reverse
from jinja2 import BaseLoader, ChainableUndefined, ChoiceLoader, Environment, PackageLoader, pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape

from wherry.foundation.periods import local_time
from wherry.journeys.programme_in_force import who_to_ring
from wherry.web.components.drawn import Drawn
from wherry.web.components.words import Catalogue, WordsMissing, catalogues, direction, say, written_date


def nhs_number(value: str | None) -> Markup:
    """Write an NHS number 3 3 4, kept left to right inside any language; nothing for nobody's number."""
    if not value:
        return Markup("")
    spaced = f"{value[:3]} {value[3:6]} {value[6:]}"
    return Markup('<bdi dir="ltr">{}</bdi>').format(spaced)


def phone(value: str | None) -> Markup:
    """Write a telephone number (`+447…`) as it is dialled here, kept left to right: 07700 900001."""
    if not value:
        return Markup("")
    national = f"0{value[3:]}" if value.startswith("+44") else value
    return Markup('<bdi dir="ltr">{}</bdi>').format(f"{national[:5]} {national[5:]}")


_DIALLED = re.compile(r"(?<![0-9])(?:0[0-9]{3,4}[  ]?[0-9]{3}[  ]?[0-9]{3,4}|999|111)(?![0-9])")


def dialled(text: str) -> Markup:
    """Make every telephone number in words a link that rings it, kept left to right; the rest is escaped."""
    written, at = Markup(), 0
    for found in _DIALLED.finditer(str(text)):
        number = found.group()
        link = Markup('<a class="wherry-dial" href="tel:{}"><bdi dir="ltr">{}</bdi></a>')
        written += escape(str(text)[at : found.start()]) + link.format(re.sub(r"\D", "", number), number)
        at = found.end()
    return written + escape(str(text)[at:])


def addressed(name: str, *args: object, **kwargs: object) -> str:
    """Give the address of a named page (`reverse` with its arguments in place)."""
    return reverse(name, args=args or None, kwargs=kwargs or None)


def _language(context: Context) -> str:
    language = context.get("language")
    if not language:
        raise WordsMissing("the page names no language, or its macros were imported without context")
    return str(language)


def _speak(words: Mapping[str, Catalogue]) -> dict[str, Any]:
    @pass_context
    def t(context: Context, key: str, **values: object) -> str:
        return say(words=words, language=_language(context), key=key, **values)

    @pass_context
    def date(context: Context, value: dt.date | None) -> str:
        if value is None:
            return ""
        day = local_time(value).date() if isinstance(value, dt.datetime) else value
        return written_date(words=words, language=_language(context), day=day)

    @pass_context
    def datetime(context: Context, value: dt.datetime | None) -> str:
        if value is None:
            return ""
        day, time = date(context, value), local_time(value).strftime("%H:%M")
        return say(words=words, language=_language(context), key="date.at", date=day, time=time)

    return {"t": t, "date": date, "datetime": datetime}


def environment(
    *, loader: BaseLoader | None = None, words: Mapping[str, Catalogue] | None = None, **options: Any
) -> Environment:
    """
    Build the environment.

    loader: the sites' own `jinja2` folders, from Django; words: other catalogues than those shipped, for tests.
    Escaping is always on, and an absent optional value is empty at any depth, as the toolkit's macros require.
    """
    shared = [PackageLoader("wherry.web.components", "jinja2"), PackageLoader("nhsuk_frontend_jinja")]
    options |= {"autoescape": True, "undefined": ChainableUndefined, "trim_blocks": True, "lstrip_blocks": True}
    built = Environment(loader=ChoiceLoader([*([loader] if loader else []), *shared]), **options)  # noqa: S701 - autoescape is in options
    spoken = _speak(words or catalogues())
    built.globals |= {"static": static, "url": addressed, "t": spoken["t"], "dir_of": _dir_of}
    built.globals |= {"who_to_ring": who_to_ring, "drawn": Drawn()}
    built.filters |= {
        "date": spoken["date"],
        "datetime": spoken["datetime"],
        "nhs_number": nhs_number,
        "phone": phone,
        "dialled": dialled,
        "part": part,
    }
    return built


def _dir_of(language: str) -> str:
    return direction(language=language)


def part(text: str, language: str) -> Markup:
    """Mark words written in another language than the page around them, with its `lang` and `dir`."""
    marked = Markup('<span lang="{}" dir="{}">{}</span>')  # escape() leaves what is marked up already
    return marked.format(language, direction(language=language), escape(text))
