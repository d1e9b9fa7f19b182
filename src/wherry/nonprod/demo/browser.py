"""A plain browser without scripts: opens pages, fills in the forms they show, follows where they lead."""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import httpx

# Made once: reading the machine's certificates for every browser costs more than the pages, which are plain here.
_TRUSTED = ssl.create_default_context()


@dataclass
class Form:
    """A form as a page shows it. fields: what it would send as it stands; choices: the values each name offers."""

    action: str
    method: str
    fields: dict[str, str] = field(default_factory=dict)
    choices: dict[str, list[str]] = field(default_factory=dict)
    buttons: list[tuple[str, str]] = field(default_factory=list)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.links: list[str] = []
        self._open: Form | None = None
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "a" and given.get("href"):
            self.links.append(given["href"])
        if tag == "form":
            self._open = Form(action=given.get("action", ""), method=given.get("method", "get").lower())
            self.forms.append(self._open)
        elif self._open is not None:
            self._read_field(tag, given)

    def _read_field(self, tag: str, given: dict[str, str]) -> None:
        form, name = self._open, given.get("name", "")
        if form is None:
            return
        kind = given.get("type", "text") if tag == "input" else tag
        if tag == "button" and name:
            form.buttons.append((name, given.get("value", "")))
        elif kind in ("radio", "checkbox") and name:
            form.choices.setdefault(name, []).append(given.get("value", "on"))
            if "checked" in given:
                form.fields[name] = given.get("value", "on")
        elif kind == "select":
            self._select = name
        elif tag == "option" and self._select:
            form.choices.setdefault(self._select, []).append(given.get("value", ""))
            if "selected" in given or self._select not in form.fields:
                form.fields[self._select] = given.get("value", "")
        elif kind not in ("submit", "button") and name:
            form.fields[name] = given.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None
        if tag == "select":
            self._select = ""


@dataclass
class Page:
    """What came back: where we are, its status, its words, its forms and links."""

    url: str
    status: int
    text: str
    forms: list[Form]
    links: list[str]

    @property
    def path(self) -> str:
        """The path alone."""
        return urlsplit(self.url).path

    def form(self, *, action: str = "", holding: str = "", button: str = "") -> Form | None:
        """Find the form whose action ends so, that has a field or choice of this name, or a button of this value."""
        for one in self.forms:
            names = {*one.fields, *one.choices, *(name for name, _ in one.buttons)}
            fits = not action or urljoin(self.url, one.action).split("?")[0].endswith(action)
            pressed = not button or any(value == button for _, value in one.buttons)
            if fits and pressed and (not holding or holding in names):
                return one
        return None

    def links_to(self, part: str) -> list[str]:
        """List the links whose address holds a part, in the order of the page, once each."""
        return list(dict.fromkeys(link for link in self.links if part in link))


class Browser:
    """One person's browser: its own cookies, redirects followed, no scripts."""

    def __init__(self, *, site: str) -> None:
        # A connection a page: one kept open would keep everything this browser asks with one of the site's processes.
        self._http = httpx.Client(
            base_url=site,
            follow_redirects=True,
            timeout=30,
            trust_env=False,
            verify=_TRUSTED,
            limits=httpx.Limits(max_keepalive_connections=0),
        )

    def __enter__(self) -> Browser:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close it; its cookies are gone."""
        self._http.close()

    def open(self, path: str) -> Page:
        """Open a page of the site."""
        return _page(self._http.get(path))

    def send(self, page: Page, form: Form, values: Mapping[str, str | list[str]] | None = None) -> Page:
        """Send a form as it stands, with these values put in; several boxes ticked under one name are a list."""
        content: dict[str, str | list[str]] = {**form.fields, **(values or {})}
        where = urljoin(page.url, form.action) if form.action else page.url
        if form.method != "post":
            return _page(self._http.get(where, params=content))
        return _page(self._http.post(where, data=content, headers={"Referer": page.url}))


def _page(answer: httpx.Response) -> Page:
    reader = _Reader()
    if "html" in answer.headers.get("content-type", ""):
        reader.feed(answer.text)
    if answer.status_code >= 500:
        raise httpx.TransportError(f"the site answered {answer.status_code}")
    return Page(str(answer.url), answer.status_code, answer.text, reader.forms, reader.links)
