"""The page of the two residents to follow: who they are, what their telephone shows, what has happened to them."""

from __future__ import annotations

import re
from html import escape

import httpx

from wherry.database.context import acting_as, app_now
from wherry.foundation.actors import WORKER
from wherry.foundation.periods import local_time
from wherry.nonprod.demo.following import Followed, happened

#: Texts of a telephone that are shown, newest first.
_SHOWN = 3
#: The page stays beside what is opened from it.
_NEW_TAB = 'target="_blank" rel="noopener"'
_LINK = re.compile(r"https?://[\w.:/-]+\w")


def body(*, yours: Followed | None, told: Followed | None, staff_site: str, gateway: str, token: str) -> str:
    """Write the page's inner HTML as things stand now. token: what the gateway asks of whoever reads a telephone."""
    with acting_as(WORKER):
        clock = local_time(app_now())
    parts = [
        "<h1>Follow one resident</h1><p>Everybody here is invented. No site shows all of this to anybody.</p>",
        f"<p>The county's own clock shows {clock:%H:%M on %A %-d %B %Y}.</p>",
        f'<p><a href="/" {_NEW_TAB}>Who to be, and the codes to sign in with</a></p>',
    ]
    for one, heading, lead in (
        (yours, "You play the rest", "was asked how they are. Answer for them; be who helps them."),
        (told, "A story that has been told", "answered, was helped, and said so."),
    ):
        parts.append(f"<h2>{heading}</h2>")
        if one is None:
            parts.append("<p>Nobody fits in so small a county. Run it with more people, or for more days.</p>")
            continue
        parts.append(f"<p><strong>{escape(one.name)}</strong> {lead}</p>{_facts(one, staff_site)}")
        parts.append(f"<h3>Their telephone, newest first</h3>{_telephone(one, gateway, token)}")
        parts.append(f"<h3>What happened</h3>{_story(one)}")
    return "".join(parts)


def _facts(one: Followed, staff_site: str) -> str:
    number = f"{one.nhs_number[:3]} {one.nhs_number[3:6]} {one.nhs_number[6:]}" if one.nhs_number else "none recorded"
    entry = f"{escape(staff_site)}/clinicians/entries/{one.entry_id}"
    rows = {
        "Born": f"{one.birth_date:%-d %B %Y}",
        "NHS number": number,
        "Place": one.place.capitalize(),
        "On the signed list": f'<a href="{entry}" {_NEW_TAB}>for clinicians</a>',
    }
    return f"<dl>{''.join(f'<dt>{name}</dt><dd>{value}</dd>' for name, value in rows.items())}</dl>"


def _telephone(one: Followed, gateway: str, token: str) -> str:
    headers = {"Authorization": f"Bearer {token}"}
    answer = httpx.get(f"{gateway}/inbox", params={"to": one.mobile}, headers=headers, timeout=30, trust_env=False)
    texts = [str(message["body"]) for message in reversed(answer.json()["messages"])]
    if not texts:
        return "<p>Nothing has come.</p>"
    newest, older = texts[:_SHOWN], len(texts) - _SHOWN
    shown = "".join(f"<li>{_linked(text)}</li>" for text in newest)
    return f'<ol class="texts">{shown}</ol>' + (f"<p>And {older} older.</p>" if older > 0 else "")


def _linked(text: str) -> str:
    marked = _LINK.sub(lambda found: f'<a href="{found.group()}" {_NEW_TAB}>{found.group()}</a>', escape(text))
    return marked.replace("\n", "<br>")


def _story(one: Followed) -> str:
    steps = "".join(
        f"<li><time>{local_time(at):%-d %B, %H:%M}</time> {escape(words)}</li>" for at, words in happened(to=one)
    )
    return f'<ol class="story">{steps}</ol>'
