"""The sandbox gateway's web interface, as a plain WSGI application."""

from __future__ import annotations

import hmac
import itertools
import json
import re
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

from wherry.nonprod.gateway.faults import Fault, Profile
from wherry.nonprod.gateway.store import Store

_MOST_BYTES = 64 * 1024
_REACHES = {
    "sms": re.compile(r"\+447[0-9]{9}"),
    "email": re.compile(r"[^@\s]+@[^@\s]+"),
    "letter": re.compile(r"(?s).*\S.*\S.*"),
}
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_REASONS = {200: "OK", 201: "Created", 202: "Accepted"}


class Reset(Exception):
    """Cut the connection without an answer. The server turns it into a TCP reset."""


@dataclass(frozen=True)
class Answer:
    """What goes back."""

    status: int
    content: Any
    retry_after: int | None = None


class BadRequest(Exception):
    """The request cannot be used; its text goes back to the sender."""


def is_loopback(url: str) -> bool:
    """Say whether an address is plain HTTP on this machine."""
    parts = urlsplit(url)
    return parts.scheme == "http" and parts.hostname in _LOOPBACK


class Application:
    """
    The gateway behind a bearer token. `GET /health` alone needs none.

    POST /messages · GET /messages?reference= · GET /inbox?to= · POST /inbound · GET /counts · GET /owed ·
    PUT /callback · POST /wrong-numbers · PUT /faults · POST /repeat-receipts
    """

    def __init__(self, *, store: Store, token: str) -> None:
        self._store = store
        self._token = token
        self._lookups = itertools.count()
        self._routes: dict[tuple[str, str], Callable[[dict[str, Any], dict[str, str]], Answer]] = {
            ("POST", "/messages"): self._take,
            ("GET", "/messages"): self._find,
            ("GET", "/inbox"): self._inbox,
            ("POST", "/inbound"): self._inbound,
            ("GET", "/counts"): lambda content, query: Answer(200, self._store.counts()),
            ("GET", "/owed"): lambda content, query: Answer(200, {"owed": self._store.owed()}),
            ("PUT", "/callback"): self._set_callback,
            ("POST", "/wrong-numbers"): self._wrong_numbers,
            ("PUT", "/faults"): self._set_faults,
            ("POST", "/repeat-receipts"): self._repeat_receipts,
        }

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        answer = self._answer(environ)
        body = json.dumps(answer.content).encode()
        headers = [("Content-Type", "application/json"), ("Content-Length", str(len(body)))]
        if answer.retry_after is not None:
            headers.append(("Retry-After", str(answer.retry_after)))
        start_response(f"{answer.status} {_REASONS.get(answer.status, 'Refused')}", headers)
        return [body]

    def _answer(self, environ: dict[str, Any]) -> Answer:
        method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"]
        if (method, path) == ("GET", "/health"):
            return Answer(200, {"is": "sandbox gateway"})
        given = environ.get("HTTP_AUTHORIZATION", "")
        if not hmac.compare_digest(given.encode(), f"Bearer {self._token}".encode()):
            return Answer(401, {"error": "no or wrong token"})
        route = self._routes.get((method, path))
        if route is None:
            return Answer(404, {"error": "no such address"})
        try:
            query = {name: values[0] for name, values in parse_qs(environ.get("QUERY_STRING", "")).items()}
            return route(_content(environ), query)
        except BadRequest as error:
            return Answer(400, {"error": str(error)})

    def _profile(self) -> Profile:
        return Profile.read(self._store.setting("faults") or {})

    def _take(self, content: dict[str, Any], query: dict[str, str]) -> Answer:
        reference, kind, to = (_word(content, name) for name in ("reference", "kind", "to"))
        body = _word(content, "body")
        if content.get("synthetic") is not True:
            return Answer(403, {"error": "only messages marked synthetic are taken here"})
        if kind not in _REACHES or not _REACHES[kind].fullmatch(to):
            raise BadRequest("this kind does not reach such an address")
        profile = self._profile()
        fault = profile.fault_for(reference=reference, tries_before=self._store.count_post(reference))
        refused = _before(fault, profile)
        if refused is not None:
            return refused
        message_id = self._store.accept(
            reference=reference,
            kind=kind,
            to=to,
            heading=str(content.get("heading", "")),
            body=body,
            receipts=profile.receipts(arrives=not self._store.is_wrong(to)),
        )
        if profile.receipts_twice:
            self._store.repeat_receipts(message_id)
        return _after(fault) or Answer(201, {"id": message_id})

    def _find(self, content: dict[str, Any], query: dict[str, str]) -> Answer:
        reference = _word(query, "reference")
        if self._profile().lookup_fails(reference=reference, moment=next(self._lookups)):
            return Answer(500, {"error": "told to fail"})
        return Answer(200, {"messages": self._store.by_reference(reference)})

    def _inbox(self, content: dict[str, Any], query: dict[str, str]) -> Answer:
        return Answer(200, {"messages": self._store.inbox(_word(query, "to"))})

    def _inbound(self, content: dict[str, Any], query: dict[str, str]) -> Answer:
        self._store.text_back(sender=_word(content, "from"), text=_word(content, "text"))
        return Answer(202, {})

    def _set_callback(self, content: dict[str, Any], query: dict[str, str]) -> Answer:
        url = _word(content, "url")
        if not is_loopback(url):
            raise BadRequest("the callback address must be plain http on this machine")
        self._store.set("callback", url)
        return Answer(200, {})

    def _wrong_numbers(self, content: dict[str, Any], query: dict[str, str]) -> Answer:
        numbers = content.get("numbers")
        if not isinstance(numbers, list) or not all(isinstance(number, str) for number in numbers):
            raise BadRequest("numbers is a list of texts")
        self._store.add_wrong_numbers(numbers)
        return Answer(200, {})

    def _set_faults(self, content: dict[str, Any], query: dict[str, str]) -> Answer:
        try:
            Profile.read(content)
        except (ValueError, KeyError, TypeError, AttributeError):
            raise BadRequest("this is no fault profile") from None
        self._store.set("faults", content)
        return Answer(200, {})

    def _repeat_receipts(self, content: dict[str, Any], query: dict[str, str]) -> Answer:
        self._store.repeat_receipts(_word(content, "id"))
        return Answer(202, {})


def _before(fault: Fault | None, profile: Profile) -> Answer | None:
    if fault is Fault.RESET_BEFORE:
        raise Reset
    if fault is Fault.ERROR_BEFORE:
        return Answer(500, {"error": "told to fail before taking it"})
    if fault is Fault.BUSY:
        return Answer(429, {"error": "told to be busy"}, retry_after=1)
    if fault is Fault.LATE:
        time.sleep(profile.late_seconds)
    return None


def _after(fault: Fault | None) -> Answer | None:
    if fault is Fault.RESET_AFTER:
        raise Reset
    return Answer(500, {"error": "told to fail after taking it"}) if fault is Fault.ERROR_AFTER else None


def _content(environ: dict[str, Any]) -> dict[str, Any]:
    if environ["REQUEST_METHOD"] == "GET":
        return {}
    length = environ.get("CONTENT_LENGTH") or "0"
    if not length.isdigit() or int(length) > _MOST_BYTES:
        raise BadRequest("the content is too long")
    try:
        content = json.loads(environ["wsgi.input"].read(int(length)) or b"{}")
    except ValueError:
        raise BadRequest("the content is not JSON") from None
    if not isinstance(content, dict):
        raise BadRequest("the content is not a JSON object")
    return content


def _word(content: dict[str, Any] | dict[str, str], name: str) -> str:
    value = content.get(name)
    if not isinstance(value, str) or not value.strip():
        raise BadRequest(f"{name} is missing")
    return value
