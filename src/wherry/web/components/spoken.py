"""Which language a resident's page speaks, and the links to the others: on every page of theirs, refusals too."""

from __future__ import annotations

from django.http import HttpRequest

from wherry.web.components.words import catalogues, say

#: What was chosen in this browser, and what its pages spoke last.
LANGUAGE_KEY, SPOKEN_KEY = "language", "spoken"


def language_of(*, request: HttpRequest, invited_in: str = "") -> str:
    """
    Give the language to speak: chosen here, else the invitation's, else what the browser asks for, else English.

    English is what everybody is invited in of whom nothing is known: it gives way to what the browser asks for.
    """
    known, chosen = catalogues(), chosen_here(request=request)
    header = request.headers.get("Accept-Language", "")
    accepted = (part.split(";")[0].split("-")[0].strip() for part in header.split(","))
    wanted = (chosen, invited_in if invited_in != "en" else "", spoken_before(request=request), *accepted, "en")
    return next(language for language in wanted if language in known)


def chosen_here(*, request: HttpRequest) -> str:
    """Give the language somebody chose on a page in this browser, and keep it for the next; empty where nobody did."""
    session = getattr(request, "session", None)
    asked = request.GET.get(LANGUAGE_KEY, "")
    if session is None:
        return asked
    if asked in catalogues():
        session[LANGUAGE_KEY] = asked
    return str(session.get(LANGUAGE_KEY, ""))


def spoken_before(*, request: HttpRequest) -> str:
    """Give the language of the page before, for one that does not know whose it is: a refusal, say."""
    return str(getattr(request, "session", {}).get(SPOKEN_KEY, ""))


def other_languages(*, request: HttpRequest, language: str) -> list[dict[str, str]]:
    """Give the links to the same page in every other language: language, name, href."""

    def href(other: str) -> str:
        query = request.GET.copy()
        query[LANGUAGE_KEY] = other
        return f"?{query.urlencode()}"

    return [
        {"language": other, "name": say(words=catalogues(), language=other, key="language_name"), "href": href(other)}
        for other in catalogues()
        if other != language
    ]
