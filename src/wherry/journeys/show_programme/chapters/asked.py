"""`questionnaire.yaml`: what people are asked, page by page, with the answers and every language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wherry.journeys.show_programme.saying import in_languages, language, said, take
from wherry.journeys.show_programme.source import Source
from wherry.journeys.show_programme.types import Item, Part, Said, Words

TITLE = "What people are asked"


def parts(rest: Any, source: Source) -> tuple[Part, ...]:
    """Say the questionnaire as it is asked."""
    about = [Item("title", "Its title", (in_languages("", _texts(rest, "title")),))]
    if "reviewed_by" in rest:
        read = take(rest, "reviewed_by")
        told = tuple(said(language(lang), take(read, lang)) for lang in list(read))
        about.append(Item("reviewed_by", "Who read the translations", told, ("reviewed_by",)))
    facts = tuple(
        said(key, take(rest, key)) for key in ("version", "date", "status", "url", "resourceType") if key in rest
    )
    about.append(Item("version", "Version", facts))
    pages = [_page(at, page, source) for at, page in enumerate(take(rest, "item"))]
    return (Part("", tuple(about)), *pages)


def _texts(node: Any, name: str) -> dict[str, str]:
    begin = f"{name}_"
    found = {"en": take(node, name)}
    return {**found, **{key.removeprefix(begin): take(node, key) for key in list(node) if key.startswith(begin)}}


def _page(at: int, page: Any, source: Source) -> Part:
    link_id, texts, about_them = take(page, "linkId"), _texts(page, "text"), take(page, "about_them", {})
    if page.get("type") == "group":
        take(page, "type")
    title = texts["en"]
    told = [in_languages("", texts)]
    told += [in_languages("Where somebody answers for another", about_them)] if about_them else []
    heading = Item(f"pages.{link_id}", "The page's heading", tuple(told), ("item", at), code=str(link_id))
    questions = tuple(_question(at, number, one, source) for number, one in enumerate(take(page, "item", ())))
    return Part(f"Page {at + 1}: {title}", (heading, *questions))


def _question(page: int, at: int, one: Any, source: Source) -> Item:
    code, kind, texts = str(take(one, "linkId")), take(one, "type"), _texts(one, "text")
    told = [_foreign("In other languages", texts)] if len(texts) > 1 else []
    if "enableWhen" in one:
        told.append(_only_where(take(one, "enableWhen"), source))
    told += [said("If it is left out", "It is asked once more")] if take(one, "required", False) else []
    if kind != "choice":
        most = f", at most {take(one, 'maxLength')} letters" if "maxLength" in one else ""
        told.append(said("Answer", f"{'In their own words' if kind == 'text' else 'Ticked or not'}{most} ({kind})"))
    told += [_answer(number, option) for number, option in enumerate(take(one, "answerOption", ()), start=1)]
    about_them = take(one, "about_them", {})
    told += [in_languages("Asked of somebody who answers for another", about_them)] if about_them else []
    return Item(f"questions.{code}", texts["en"], tuple(told), ("item", page, "item", at), code=code)


def _foreign(label: str, texts: Mapping[str, str]) -> Said:
    return in_languages(label, {lang: text for lang, text in texts.items() if lang != "en"})


def _only_where(conditions: Any, source: Source) -> Said:
    told = []
    for one in conditions:
        name, answer = take(one, "question"), take(one, "answerCoding", {})
        if one.get("operator") == "=":
            take(one, "operator")
        code = take(answer, "code")
        words = source.options(name).get(code, (code, None))[0] if code else take(one, "answerBoolean")
        told.append(f"“{source.question(name)}” is answered “{words}” ({name}: {code if code else words})")
    return said("Asked only where", *told)


def _answer(number: int, option: Any) -> Said:
    coding = take(option, "valueCoding")
    code, badness, texts = take(coding, "code"), take(coding, "badness"), _texts(coding, "display")
    order = "" if badness is None else f", {badness} on the way from best to worst"
    words = in_languages("", texts).words
    about_them = take(coding, "about_them", {})
    if about_them:
        words += (Words("Said of somebody else:"), *in_languages("", about_them).words)
    return Said(f"Answer {number} ({code}{order})", words)
