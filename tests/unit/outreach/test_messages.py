from __future__ import annotations

import pytest

from wherry.outreach.errors import MessageMissing, SlotMissing
from wherry.outreach.rules.messages import render, slots_of, sms_parts
from wherry.outreach.rules.replies import is_stop
from wherry.outreach.types import Channel, Message, Messages

ENGLISH = Message("hello", Channel.SMS, "en", "", ("Hello {name}, see {link}",))
POLISH = Message("hello", Channel.SMS, "pl", "", ("Cześć {name}, {link}",))
LETTER = Message("hello", Channel.LETTER, "en", "To {name}", ("Dear {name},", "Ring us."))
MESSAGES = Messages(by_key={(m.id, m.channel, m.language): m for m in (ENGLISH, POLISH, LETTER)})
SLOTS = {"name": "Ana", "link": "http://x", "unused": "y"}


def rendered(*, language="en", channel=Channel.SMS, slots=SLOTS, message_id="hello"):
    return render(messages=MESSAGES, message_id=message_id, channel=channel, language=language, slots=slots)


def test_a_message_goes_in_the_persons_language_or_else_in_the_first():
    assert rendered(language="pl").body == "Cześć Ana, http://x"
    fallen_back = rendered(language="lt")
    assert (fallen_back.body, fallen_back.language) == ("Hello Ana, see http://x", "en")


def test_a_letter_has_a_heading_and_paragraphs():
    letter = rendered(channel=Channel.LETTER)

    assert (letter.heading, letter.body, letter.parts) == ("To Ana", "Dear Ana,\n\nRing us.", 1)


@pytest.mark.parametrize("slots", [{"name": "Ana"}, {"name": "Ana", "link": ""}])
def test_a_missing_or_empty_value_is_an_error_that_names_the_placeholder_only(slots):
    with pytest.raises(SlotMissing, match=r"needs a value for link\.") as caught:
        rendered(slots=slots)
    assert "Ana" not in str(caught.value)


def test_a_message_nobody_wrote_is_an_error():
    with pytest.raises(MessageMissing, match="no message 'goodbye' for sms"):
        rendered(message_id="goodbye")


def test_a_value_that_looks_like_a_placeholder_stays_as_it_is():
    assert rendered(slots={"name": "{link}", "link": "http://x"}).body == "Hello {link}, see http://x"


def test_the_groups_of_a_telephone_number_keep_their_order_in_arabic():
    arabic = Message("ring", Channel.SMS, "ar", "", ("اتصل بالرقم {helpline} أو {link}",))
    filled = render(
        messages=Messages(by_key={("ring", Channel.SMS, "ar"): arabic}),
        message_id="ring",
        channel=Channel.SMS,
        language="ar",
        slots={"helpline": "01632 960 999", "link": "http://x"},
    )
    assert filled.body == "اتصل بالرقم \u206601632 960 999\u2069 أو http://x"


def test_nothing_personal_shows_in_a_repr():
    assert "Ana" not in repr(rendered())


def test_placeholders_are_named():
    assert slots_of(LETTER) == {"name"}


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", 1),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("ł" * 70, 1),
        ("ł" * 71, 2),
        ("ł" * 135, 3),
        ("a" * 70 + "ė", 2),
        ("🙂" * 35, 1),
        ("🙂" * 36, 2),
    ],
)
def test_texts_are_counted_as_they_are_split(text, parts):
    assert sms_parts(text) == parts


@pytest.mark.parametrize("text", ["STOP", " stop. ", "Stop!", "stop all", "UNSUBSCRIBE", "koniec"])
def test_the_word_alone_stops(text):
    assert is_stop(text, words=["koniec"])


@pytest.mark.parametrize("text", ["please don't stop", "STOP sending food", "", "yes", "koniec świata"])
def test_anything_more_is_read_by_a_person(text):
    assert not is_stop(text, words=["koniec"])
