"""A programme in words as one page of HTML that needs nothing else: no script, no file beside it, good on paper."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from wherry.foundation.languages import RIGHT_TO_LEFT
from wherry.journeys.show_programme.page_style import STYLE
from wherry.journeys.show_programme.saying import language
from wherry.journeys.show_programme.types import Chapter, InWords, Item, Part, Said, Shape, Words


def as_html(told: InWords) -> str:
    """Write it as one page: contents, then a heading for each chapter, part and item, in order."""
    title = html.escape(told.title)
    parts = [
        '<!doctype html><html lang="en"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{title}</title><style>{STYLE}</style></head><body>",
        '<a class="skip" href="#main">Skip to the programme</a>',
        f"<header><h1>{title}</h1>{''.join(f'<p>{html.escape(one)}</p>' for one in told.about)}</header>",
        _contents(told),
        '<main id="main">',
        *(_chapter(one) for one in told.chapters),
        "</main></body></html>\n",
    ]
    return "\n".join(parts)


def _anchor(chapter: Chapter) -> str:
    return re.sub(r"[^a-z0-9]+", "-", chapter.key.lower()).strip("-")


def _contents(told: InWords) -> str:
    links = "".join(f'<li><a href="#{_anchor(one)}">{html.escape(one.title)}</a></li>' for one in told.chapters)
    return f'<nav aria-labelledby="contents"><h2 id="contents">Contents</h2><ol>{links}</ol></nav>'


def _chapter(chapter: Chapter) -> str:
    notes = "".join(f'<p class="note">{html.escape(one)}</p>' for one in chapter.notes)
    parts = "".join(_part(one) for one in chapter.parts)
    return f'<section id="{_anchor(chapter)}"><h2>{html.escape(chapter.title)}</h2>{notes}{parts}</section>'


def _part(part: Part) -> str:
    heading = f"<h3>{html.escape(part.title)}</h3>" if part.title else ""
    intro = "".join(f"<p>{html.escape(one)}</p>" for one in part.intro)
    return f"{heading}{intro}{_SHAPES[part.shape](part)}"


def _entries(part: Part) -> str:
    level = "h4" if part.title else "h3"
    return "".join(f'<article class="{_class(one)}">{_heading(one, level)}{_body(one)}</article>' for one in part.items)


def _timeline(part: Part) -> str:
    level = "h4" if part.title else "h3"
    steps = "".join(f"<li>{_heading(one, level)}{_body(one)}</li>" for one in part.items)
    return f'<ol class="timeline">{steps}</ol>'


def _samples(part: Part) -> str:
    level = "h4" if part.title else "h3"
    return "".join(f'<article class="sample">{_heading(one, level)}{_body(one)}</article>' for one in part.items)


def _table(part: Part) -> str:
    labels = list(dict.fromkeys(one.label for item in part.items for one in item.said))
    heads = "".join(f'<th scope="col">{html.escape(label)}</th>' for label in ("", *labels) if label)
    corner = '<td class="corner"></td>' if labels else ""
    rows = "".join(_row(item, labels) for item in part.items)
    return (
        f'<div class="table"><table><caption>{html.escape(part.title)}</caption>'
        f"<thead><tr>{corner}{heads}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _row(item: Item, labels: list[str]) -> str:
    cells = []
    for label in labels:
        found = [one for one in item.said if one.label == label]
        words = (
            "".join(_lines(one) for one in found) or '<span aria-hidden="true">–</span><span class="unseen">none</span>'
        )
        empty = "" if found else ' class="empty"'
        cells.append(f'<td{empty}><b class="label" aria-hidden="true">{html.escape(label)}</b>{words}</td>')
    return f'<tr class="{_class(item)}"><th scope="row">{_named(item)}</th>{"".join(cells)}</tr>'


_SHAPES = {Shape.ENTRIES: _entries, Shape.TABLE: _table, Shape.TIMELINE: _timeline, Shape.SAMPLES: _samples}


def _class(item: Item) -> str:
    return "grave" if item.is_grave else "plain"


def _heading(item: Item, level: str) -> str:
    return f"<{level}>{_named(item, marks=False)}</{level}>{_marks(item)}"


def _named(item: Item, *, marks: bool = True) -> str:
    flag = '<strong class="flag">Red flag</strong> ' if item.is_grave else ""
    code = f" <code>{html.escape(item.code)}</code>" if item.code and item.code != item.title else ""
    return f"{flag}{html.escape(item.title)}{code}{_marks(item) if marks else ''}"


def _marks(item: Item) -> str:
    return "".join(f'<span class="mark">{html.escape(one)}</span>' for one in item.marks)


def _body(item: Item) -> str:
    return "".join(_runs(item))


def _runs(item: Item) -> Iterator[str]:
    """Write sentences as paragraphs, and what has labels between them as one list of terms."""
    terms: list[str] = []
    for one in item.said:
        if one.label:
            terms.append(f"<div><dt>{html.escape(one.label)}</dt><dd>{_lines(one)}</dd></div>")
            continue
        if terms:
            yield f"<dl>{''.join(terms)}</dl>"
            terms = []
        yield _lines(one)
    if terms:
        yield f"<dl>{''.join(terms)}</dl>"


def _lines(one: Said) -> str:
    bullets = [words.text.startswith("• ") for words in one.words]
    parts, opened = [], False
    for words, is_bullet in zip(one.words, bullets, strict=True):
        if is_bullet != opened:
            parts.append("<ul>" if is_bullet else "</ul>")
            opened = is_bullet
        parts.append(f"<li>{html.escape(words.text[2:])}</li>" if is_bullet else _paragraph(words))
    return "".join([*parts, "</ul>" if opened else ""])


def _paragraph(words: Words) -> str:
    if not words.lang:
        return f"<p>{html.escape(words.text)}</p>"
    way = "rtl" if words.lang in RIGHT_TO_LEFT else "ltr"
    named = f'<span class="lang">{html.escape(language(words.lang))}</span>'
    text = f'<span lang="{html.escape(words.lang)}" dir="{way}">{html.escape(words.text)}</span>'
    return f'<p class="foreign">{named}{text}</p>'
