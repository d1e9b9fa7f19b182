"""One resident to follow: who is chosen, that the choice is kept, and what a visitor reads about them."""

from __future__ import annotations

import datetime as dt
import socket
import struct
import threading
import time
import uuid
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from tests.support.county_of_one import BORN, MOBILE, PROGRAMME, County, county_of_one
from wherry.database.context import acting_as, app_now
from wherry.foundation.actors import WORKER
from wherry.journeys.programme_in_force import in_force
from wherry.nonprod.demo import doorway, following, following_page
from wherry.nonprod.demo import following_words as words
from wherry.nonprod.demo.following import Followed
from wherry.outreach.models import Attempt
from wherry.outreach.types import AttemptState
from wherry.people.models import ContactPointRow
from wherry.referrals.types import State
from wherry.review.models import AtRiskList, Entry
from wherry.worklist.types import Outcome, TaskKind

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def asked() -> County:
    """A county whose one resident stands on a signed list and was sent a text, and has not answered."""
    here = county_of_one()
    with acting_as(WORKER):
        now = app_now()
        listed = AtRiskList.objects.create(
            programme=PROGRAMME,
            place="norwich",
            audience=here.audience,
            definition_hash="sha256:0",
            run_hash="0",
            as_of=now.date(),
            made_at=now,
        )
        Entry.objects.create(
            at_risk_list=listed,
            audience_id=here.audience.pk,
            population_id=here.person.population_id,
            birth_date=BORN,
            category="shielded",
            tier=1,
            origin="stratified",
        )
        Attempt.objects.create(
            case=here.case,
            audience_id=here.audience.pk,
            occurrence=here.occurrence,
            step="first_text",
            channel="sms",
            message="invitation",
            language="en",
            reference=uuid.uuid4(),
            state="delivered",
            intended_at=now,
            attempted_at=now + dt.timedelta(minutes=1),
        )
    return here


def test_somebody_who_was_asked_and_has_not_answered_is_chosen(asked: County, tmp_path: Path) -> None:
    yours, told = following.choose(kept_in=tmp_path / "follow.json")

    assert yours is not None and yours.name == "Ada Testperson" and yours.mobile == MOBILE
    assert told is None
    assert "Ada" not in repr(yours) and "Ada" not in (tmp_path / "follow.json").read_text()


def test_nobody_is_chosen_who_shares_a_telephone(asked: County, tmp_path: Path) -> None:
    with acting_as(WORKER):
        other = asked.person
        other.pk, other.population_id = uuid.uuid4(), "invented-2"
        other.save(force_insert=True)
        ContactPointRow.objects.create(
            person=other, kind="mobile", value=MOBILE, source="hospital", recorded_on=dt.date(2026, 1, 1)
        )

    assert following.choose(kept_in=tmp_path / "follow.json") == (None, None)


def test_nobody_is_chosen_whom_a_last_question_would_not_reach_today(asked: County, tmp_path: Path) -> None:
    with acting_as(WORKER):
        text = Attempt.objects.get()
        for number in range(2):
            text.pk, text.reference, text.step = uuid.uuid4(), uuid.uuid4(), f"again {number}"
            text.save(force_insert=True)
    written_enough = following.choose(kept_in=tmp_path / "follow.json")
    with acting_as(WORKER):
        Attempt.objects.filter(step__startswith="again").update(message="one_time_code")
    codes_only, _ = following.choose(kept_in=tmp_path / "codes.json")
    with acting_as(WORKER):
        link = asked.invitation
        link.pk, link.about_id, link.kind, link.token_sha256 = uuid.uuid4(), uuid.uuid4(), "did_it_help", "0" * 64
        link.save(force_insert=True)
    asked_already = following.choose(kept_in=tmp_path / "follow.json")

    assert written_enough == asked_already == (None, None)
    assert codes_only is not None


def test_the_choice_outlives_the_answer_but_not_a_stop(asked: County, tmp_path: Path) -> None:
    first, _ = following.choose(kept_in=tmp_path / "follow.json")
    with acting_as(WORKER):
        asked.invitation.state = "used"
        asked.invitation.save()
    again, _ = following.choose(kept_in=tmp_path / "follow.json")
    with acting_as(WORKER):
        asked.case.state = "declined"
        asked.case.save()
    last, _ = following.choose(kept_in=tmp_path / "follow.json")

    assert first == again and first is not None
    assert last is None


def test_what_happened_is_told_in_the_order_of_time(asked: County, tmp_path: Path) -> None:
    yours, _ = following.choose(kept_in=tmp_path / "follow.json")
    assert yours is not None

    told = following.happened(to=yours)

    assert [one for _, one in told] == [
        "A clinician signs the list they are on",
        "A text asking how they are: it arrived",
    ]


def test_what_happened_is_told_in_words_not_in_codes() -> None:
    force = in_force(programme=PROGRAMME)
    said = [
        words.call(kind=str(kind), verb="finished", outcome=str(outcome)) for kind in TaskKind for outcome in Outcome
    ]
    said += [
        words.message(channel="sms", message=name, state=str(one))
        for name in ("did_it_help", "goodbye")
        for one in AttemptState
    ]
    said += [words.offer(service="food_parcel", state=str(one), asked="", force=force) for one in State]
    said += [words.red_flag(flag=flag, force=force) for flag in force.triage.red_flags]

    assert (
        words.call(kind="red_flag", verb="finished", outcome="callback_complete")
        == "A call about the red flag: they spoke"
    )
    assert (
        words.message(channel="sms", message="did_it_help", state="delivered")
        == "A text asking whether the help came: it arrived"
    )
    assert (
        words.offer(service="food_parcel", state="offered", asked="No food left; today", force=force)
        == "Food parcels: asked to help (No food left; today)"
    )
    for code in ("_", "callback complete", "no answer machine", "sms", "call rescheduled"):
        assert not any(code in one for one in said)


def test_a_tab_that_hangs_up_in_the_middle_is_no_fault(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    answering = threading.Event()

    def follow() -> str:
        answering.wait(5)
        return "x" * 5_000_000

    door = urlsplit(doorway.open_door(home=tmp_path, staff_site="http://s", follow=follow))
    cut = socket.create_connection((str(door.hostname), door.port or 0))
    cut.sendall(b"GET /follow HTTP/1.0\r\n\r\n")
    cut.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    cut.close()
    answering.set()
    time.sleep(1)

    assert "Traceback" not in capsys.readouterr().err


def test_a_text_is_shown_with_its_link_and_nothing_in_it_is_markup(
    asked: County, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = [f"Text {number} <b> http://127.0.0.1:1/c/abc_-Z or ring" for number in range(5)]
    answer = httpx.Response(200, json={"messages": [{"body": text} for text in texts]})
    monkeypatch.setattr(httpx, "get", lambda *_, **__: answer)
    yours, _ = following.choose(kept_in=tmp_path / "follow.json")

    shown = following_page.body(yours=yours, told=None, staff_site="http://s", gateway="http://g", token="t")

    assert '<a href="http://127.0.0.1:1/c/abc_-Z" target="_blank" rel="noopener">' in shown
    assert "<b>" not in shown
    assert "Text 4" in shown and "Text 1" not in shown and "And 2 older" in shown
    assert "Nobody fits" in shown
    assert "The county's own clock shows" in shown and 'href="/"' in shown


def test_the_pages_for_visitors_say_when_something_is_starting_again(tmp_path: Path) -> None:
    def follow() -> str:
        raise httpx.ConnectError("the gateway is away")

    door = doorway.open_door(home=tmp_path, staff_site="http://s", follow=follow)

    assert httpx.get(f"{door}follow", trust_env=False).status_code == 503
    assert httpx.get(f"{door}nowhere", trust_env=False).status_code == 404
    assert httpx.get(f"{door}favicon.ico", trust_env=False).status_code == 204
    codes = httpx.get(door, trust_env=False)
    assert codes.status_code == 200 and "maria.lewis@library.example.org" in codes.text


def test_a_place_is_read_as_people_write_it() -> None:
    one = Followed(uuid.uuid4(), uuid.uuid4(), uuid.uuid4(), "Ada", BORN, "", "norwich", MOBILE)

    assert "none recorded" in following_page._facts(one, "http://s")
    assert "27 March 1941" in following_page._facts(one, "http://s")
