from __future__ import annotations

import pytest
from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from wherry.foundation.errors import AlreadyDone, InputWrong, NotPermitted, StaleVersion
from wherry.web.components import refusals
from wherry.web.components.security import HEADERS, SecurityHeaders


def _answer(path: str) -> HttpResponse:
    def weak_view(request: HttpRequest) -> HttpResponse:
        return HttpResponse("x", headers={"Content-Security-Policy": "default-src *", "Cache-Control": "public"})

    return SecurityHeaders(weak_view)(RequestFactory().get(path))  # type: ignore[return-value]


def test_a_view_cannot_weaken_the_headers_or_have_its_page_kept() -> None:
    answer = _answer("/c/secret")
    assert {name: answer[name] for name in HEADERS} == HEADERS
    assert answer["Cache-Control"] == "no-store"


def test_static_files_may_be_kept() -> None:
    answer = _answer(f"{settings.STATIC_URL}wherry/wherry.css")
    assert answer["Cache-Control"] == "public"
    assert answer["Content-Security-Policy"] == HEADERS["Content-Security-Policy"]


def test_the_policy_allows_nothing_inline_and_no_other_host() -> None:
    policy = HEADERS["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "http" not in policy
    assert policy.startswith("default-src 'none'")


@pytest.mark.parametrize(
    ("raised", "status"),
    [
        (NotPermitted(), 403),
        (ObjectDoesNotExist(), 404),
        (StaleVersion(), 409),
        (AlreadyDone(), 409),
        (InputWrong(), 400),
    ],
)
def test_an_anticipated_refusal_has_its_page(monkeypatch: pytest.MonkeyPatch, raised: Exception, status: int) -> None:
    shown: list[dict[str, object]] = []

    def render(request: HttpRequest, template: str, context: dict[str, object], status: int) -> HttpResponse:
        shown.append(context)
        return HttpResponse(status=status)

    monkeypatch.setattr(refusals, "render", render)
    answer = refusals.PlainRefusals(lambda request: HttpResponse()).process_exception(RequestFactory().get("/"), raised)
    assert answer is not None
    assert answer.status_code == status
    assert shown[0]["status"] == str(status)


def test_a_fault_nobody_foresaw_is_left_to_be_logged() -> None:
    middleware = refusals.PlainRefusals(lambda request: HttpResponse())
    assert middleware.process_exception(RequestFactory().get("/"), RuntimeError()) is None


@pytest.mark.parametrize("status", ["400", "403", "404", "409", "429", "500"])
@pytest.mark.parametrize("language", ["en", "pl", "lt", "pt"])
def test_every_refusal_has_words_in_every_language(pages: object, status: str, language: str) -> None:
    template = pages.get_template("wherry/refusal.jinja")  # type: ignore[attr-defined]
    html = template.render(layout="wherry/person.jinja", status=status, language=language)
    assert "<h1" in html
