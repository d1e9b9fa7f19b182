"""Programmes in people's hands: read, said, answered, signed, released, stopped; each by whoever may, once."""

from __future__ import annotations

import uuid
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.support.drafts import ROLES, a_version
from tests.support.lists import County, a_case, a_need, county
from wherry.audit.models import Event
from wherry.database.context import acting_as
from wherry.foundation.actors import WORKER
from wherry.governance.models import Decision
from wherry.journeys import put_forward as journey
from wherry.organisations.actions import give_role
from wherry.organisations.types import Role
from wherry.sign_off.models import Comment, ProgrammeVersion, Signature
from wherry.sign_off.types import VersionState
from wherry.web.programmes import folders

pytestmark = pytest.mark.django_db
EVERYBODY = ("caller", "supervisor", "clinician", "food", "lead", "analyst", "guardian", "safety")
SIGNATORIES = {
    "lead": "programme_lead",
    "clinician": "clinician",
    "safety": "clinical_safety",
    "guardian": "information_governance",
}


@pytest.fixture
def here() -> County:
    return county()


@pytest.fixture
def draft(here: County) -> ProgrammeVersion:
    asked = ("Do you have enough food at home?", "Do you have food for today and tomorrow?")
    return a_version(now=here.now, changes={"covid_protect/questionnaire.yaml": asked})


def _at(version: ProgrammeVersion, page: str = "") -> str:
    return f"/programmes/versions/{version.pk}{page}"


def _now(version: ProgrammeVersion) -> ProgrammeVersion:
    return ProgrammeVersion.objects.get(pk=version.pk)


def _said(here: County, version: ProgrammeVersion, words: str = "Who rings at night?") -> Comment:
    here.signed_in("food").post(_at(version), {"do": "comment", "words": words, "about": "triage"})
    return Comment.objects.get(words=words)


def _read(here: County, version: ProgrammeVersion) -> None:
    version.change(state=VersionState.REVIEWED, reviewed_by="somebody", reviewed_at=here.now)


def _sign(here: County, version: ProgrammeVersion, who: str) -> int:
    sent = {"do": "sign", "seen_hash": version.hash, "role": SIGNATORIES[who]}
    return here.signed_in(who).post(_at(version), sent).status_code


@pytest.mark.parametrize("who", EVERYBODY)
def test_everybody_who_takes_part_reads_every_version_and_its_words(
    here: County, draft: ProgrammeVersion, who: str
) -> None:
    client = here.signed_in(who)

    listed = client.get("/programmes/").content.decode()
    assert "Draft, open to comments" in listed
    assert (
        "Read it: a clinician, a programme lead, an information-governance lead or a clinical safety officer" in listed
    )
    assert "Food is asked about in plainer words" in client.get(_at(draft)).content.decode()
    assert "Do you have food for today" in client.get(_at(draft, "/words?chapter=questionnaire")).content.decode()
    assert "Do you have enough food" in client.get(_at(draft, "/changed")).content.decode()


def test_the_offices_pages_are_linked_only_where_they_open(here: County, draft: ProgrammeVersion) -> None:
    assert "/office/changes?programme=covid_protect" in here.signed_in("analyst").get(_at(draft)).content.decode()
    assert "/office/changes" not in here.signed_in("food").get(_at(draft)).content.decode()


@pytest.mark.parametrize("page", ["", "/words", "/changed", "/live", "/end"])
def test_a_version_that_is_not_there_is_no_page(here: County, page: str) -> None:
    assert here.signed_in("lead").get(f"/programmes/versions/{uuid.uuid4()}{page}").status_code == 404


def test_a_chapter_that_is_not_there_is_no_page(here: County, draft: ProgrammeVersion) -> None:
    assert here.signed_in("food").get(_at(draft, "/words?chapter=nothing")).status_code == 404


@pytest.mark.parametrize("who", ["caller", "supervisor", "clinician", "food", "analyst"])
def test_who_may_not_pause_what_is_sent_does_not_go_live(here: County, draft: ProgrammeVersion, who: str) -> None:
    assert here.signed_in(who).get(_at(draft, "/live")).status_code == 403
    assert here.signed_in(who).post(_at(draft, "/live"), {"do": "stop", "why_stopped": "x"}).status_code == 403


@pytest.mark.parametrize("who", ["caller", "supervisor", "food", "analyst", "guardian", "safety"])
def test_who_writes_no_programmes_puts_none_forward(here: County, who: str) -> None:
    assert here.signed_in(who).get("/programmes/put-forward").status_code == 403


def test_each_site_has_the_way_there_in_its_menu(here: County) -> None:
    for who, site in (
        ("caller", "/support/"),
        ("clinician", "/clinicians/"),
        ("food", "/partners/"),
        ("lead", "/office/"),
    ):
        assert 'href="/programmes/"' in here.signed_in(who).get(site).content.decode()
    assert 'href="/partners/"' in here.signed_in("food").get("/programmes/").content.decode()


def test_a_partner_asks_and_a_clinician_answers_and_a_click_twice_does_it_once(
    here: County, draft: ProgrammeVersion
) -> None:
    said = _said(here, draft)
    again = here.signed_in("food").post(_at(draft), {"do": "comment", "words": said.words, "about": "triage"})
    answer = {"do": "answer", "comment": str(said.pk), f"answer-{said.pk}": "A caller, at eight"}
    clinician = here.signed_in("clinician")
    assert clinician.post(_at(draft), answer).status_code == 302
    assert clinician.post(_at(draft), answer).status_code == 302

    page = here.signed_in("caller").get(_at(draft)).content.decode()
    assert again.status_code == 302
    assert Comment.objects.count() == 1
    with acting_as(WORKER):
        assert Event.objects.filter(did="programme.comment_answered").count() == 1
    assert "Food Example</strong>, Food Hub" in page
    assert "Clinician Example</strong> answered" in page


def test_what_was_typed_is_kept_where_somebody_answered_first(here: County, draft: ProgrammeVersion) -> None:
    said = _said(here, draft)
    first, second = (
        {"do": "answer", "comment": str(said.pk), f"answer-{said.pk}": one} for one in ("Mine", "Mine too")
    )
    here.signed_in("lead").post(_at(draft), first)

    late = here.signed_in("clinician").post(_at(draft), second)

    assert late.status_code == 409
    assert "Somebody was first" in late.content.decode()
    assert "You had written: Mine too" in late.content.decode()
    assert Comment.objects.get().answer == "Mine"


def test_an_empty_form_says_what_is_missing(here: County, draft: ProgrammeVersion) -> None:
    page = here.signed_in("food").post(_at(draft), {"do": "comment", "words": " "}).content.decode()
    assert 'href="#words"' in page
    assert "Write what you want to say or ask" in page


def test_a_comment_on_another_version_is_not_answered_here(here: County, draft: ProgrammeVersion) -> None:
    said = _said(here, draft)
    other = a_version(now=here.now, number=3)
    sent = {"do": "answer", "comment": str(said.pk), f"answer-{said.pk}": "x"}
    assert here.signed_in("clinician").post(_at(other), sent).status_code == 400


def test_a_form_that_names_nothing_is_refused(here: County, draft: ProgrammeVersion) -> None:
    assert here.signed_in("lead").post(_at(draft), {"do": "burn"}).status_code == 400
    assert here.signed_in("lead").post(_at(draft, "/live"), {"do": "burn"}).status_code == 400


def test_reading_waits_for_every_answer_and_for_somebody_else(here: County, draft: ProgrammeVersion) -> None:
    _said(here, draft)
    sent = {"do": "review", "seen_hash": draft.hash}
    waits = here.signed_in("safety").post(_at(draft), sent)
    assert waits.status_code == 409
    assert "There are comments nobody has answered" in waits.content.decode()

    mine = a_version(now=here.now, number=3, by=str(here.staff["lead"].pk))
    assert "You put it forward" in here.signed_in("lead").get(_at(mine)).content.decode()
    assert here.signed_in("lead").post(_at(mine), {"do": "review", "seen_hash": mine.hash}).status_code == 409
    for _ in range(2):
        assert here.signed_in("safety").post(_at(mine), {"do": "review", "seen_hash": mine.hash}).status_code == 302
    assert _now(mine).state == VersionState.REVIEWED


def test_four_people_sign_each_once_and_for_one_role(here: County, draft: ProgrammeVersion) -> None:
    _read(here, draft)
    page = here.signed_in("safety").get(_at(draft)).content.decode()
    assert "You sign exactly what is shown here" in page
    assert draft.hash in page
    assert 'value="clinical_safety"' in page
    assert 'value="clinician"' not in page

    for who in SIGNATORIES:
        assert (_sign(here, draft, who), _sign(here, draft, who)) == (302, 302)
    assert _now(draft).state == VersionState.SIGNED
    assert Signature.objects.count() == len(ROLES)


def test_nobody_signs_for_a_role_they_do_not_hold(here: County, draft: ProgrammeVersion) -> None:
    _read(here, draft)
    sent = {"do": "sign", "seen_hash": draft.hash, "role": "clinical_safety"}
    assert here.signed_in("clinician").post(_at(draft), sent).status_code == 403
    assert here.signed_in("food").post(_at(draft), sent).status_code == 403
    assert here.signed_in("food").post(_at(draft), {"do": "sign"}).status_code == 403
    assert not Signature.objects.exists()


def test_somebody_with_two_roles_signs_in_either_but_not_in_both(here: County, draft: ProgrammeVersion) -> None:
    _read(here, draft)
    with acting_as(WORKER):
        icb = here.organisations["icb"]
        give_role(
            by=WORKER, staff=here.staff["lead"], organisation=icb, role=Role.CLINICIAN, now=here.now, team=here.team
        )
    page = here.signed_in("lead").get(_at(draft)).content.decode()
    assert 'value="clinician"' in page
    assert 'value="programme_lead"' in page

    as_clinician = {"do": "sign", "seen_hash": draft.hash, "role": "clinician"}
    assert here.signed_in("lead").post(_at(draft), as_clinician).status_code == 302
    assert _sign(here, draft, "lead") == 409
    assert [one.role for one in Signature.objects.all()] == ["clinician"]


def test_a_signature_of_something_else_than_was_read_is_not_taken(here: County, draft: ProgrammeVersion) -> None:
    _read(here, draft)
    sent = {"do": "sign", "seen_hash": "sha256:another", "role": "clinical_safety"}
    assert here.signed_in("safety").post(_at(draft), sent).status_code == 409
    assert not Signature.objects.exists()


def test_a_word_said_late_reaches_whoever_is_about_to_sign(here: County, draft: ProgrammeVersion) -> None:
    _read(here, draft)
    page = here.signed_in("food").get(_at(draft)).content.decode()
    assert "makes it a draft again" in page
    _said(here, draft)

    assert _sign(here, draft, "safety") == 409
    assert _now(draft).state == VersionState.DRAFT


def test_a_draft_is_taken_back_with_a_reason_once(here: County, draft: ProgrammeVersion) -> None:
    clinician = here.signed_in("clinician")
    assert "Say why" in clinician.post(_at(draft), {"do": "withdraw", "why": ""}).content.decode()
    for _ in range(2):
        assert clinician.post(_at(draft), {"do": "withdraw", "why": "The number is wrong"}).status_code == 302
    page = clinician.get(_at(draft)).content.decode()
    assert "Taken back</strong> by Clinician Example" in page
    assert "The number is wrong" in page


def test_a_lead_puts_in_force_looks_ahead_releases_and_stops(here: County, draft: ProgrammeVersion) -> None:
    case = a_case(here)
    type(case).objects.filter(pk=case.pk).update(release_rank=5)
    _read(here, draft)
    draft.change(state=VersionState.SIGNED)
    lead, live = here.signed_in("lead"), _at(draft, "/live")
    for _ in range(2):
        assert lead.post(live, {"do": "in_force"}).status_code == 302

    page = lead.get(live).content.decode()
    assert "It would reach <strong>1</strong> person" in page
    assert 'lang="ar" dir="rtl"' in page
    assert "It cannot be released" in page, "the one person has no number and no address"
    assert "Release it to 1 % of people" not in page


def test_what_cannot_wait_holds_at_once_with_a_reason_and_a_decision(here: County) -> None:
    type(a_case(here)).objects.update(release_rank=5)
    version, lead = a_version(now=here.now, number=5, state=VersionState.IN_FORCE, share=1), here.signed_in("lead")
    page = lead.get(_at(version, "/live")).content.decode()
    assert "It cannot wait: let it hold at once" in page
    assert "finish it as they began it" in page

    assert "Say why it cannot wait" in lead.post(_at(version, "/live"), {"do": "at_once"}).content.decode()
    sent = {"do": "at_once", "moved": "1", "why_at_once": "A red flag was missing"}
    assert 'name="moved" value="1"' in page
    for _ in range(2):
        assert lead.post(_at(version, "/live"), sent).status_code == 302
    assert here.signed_in("safety").post(_at(version, "/live"), sent).status_code == 403
    assert "holds at once" in Decision.objects.get().what


def test_a_lead_sees_what_standing_down_does_before_it_is_done(here: County) -> None:
    a_case(here)
    version, lead = a_version(now=here.now, number=5, state=VersionState.IN_FORCE, share=1), here.signed_in("lead")
    where = _at(version, "/end")
    assert 'href="' + where in lead.get(_at(version, "/live")).content.decode()
    page = lead.get(where).content.decode()
    assert "Check-ins that end unanswered: 1" in page
    assert "to be deleted" in page
    assert 'lang="ar" dir="rtl"' in page
    seen = page.split('name="seen" value="')[1].split('"')[0]

    assert "Say why, for those who ask later" in lead.post(where, {"seen": seen}).content.decode()
    changed = lead.post(where, {"seen": "another", "why_ended": "The flood is over"})
    assert (changed.status_code, _now(version).state) == (409, VersionState.IN_FORCE)
    for _ in range(2):
        assert lead.post(where, {"seen": seen, "why_ended": "The flood is over"}).status_code == 302
    assert _now(version).state == VersionState.ENDED
    assert "Only a version that is in force" in lead.get(where).content.decode()
    assert "Stood down" in here.signed_in("food").get("/programmes/").content.decode()


@pytest.mark.parametrize("who", ["caller", "clinician", "food", "analyst", "guardian", "safety"])
def test_only_a_lead_stands_a_programme_down(here: County, who: str) -> None:
    where = _at(a_version(now=here.now, number=5, state=VersionState.IN_FORCE), "/end")
    assert here.signed_in(who).get(where).status_code == 403
    assert here.signed_in(who).post(where, {"seen": "x", "why_ended": "x"}).status_code == 403


def test_nothing_is_stood_down_over_an_open_red_flag(here: County) -> None:
    a_need(here, a_case(here), red_flag=True)
    where = _at(a_version(now=here.now, number=5, state=VersionState.IN_FORCE), "/end")
    page = here.signed_in("lead").get(where).content.decode()
    assert "It cannot be stood down yet" in page
    assert "Stand it down for good" not in page
    assert here.signed_in("lead").post(where, {"seen": "x", "why_ended": "x"}).status_code == 409


def _going(here: County) -> ProgrammeVersion:
    return a_version(now=here.now, number=5, state=VersionState.IN_FORCE)


def _shown(client: Client, version: ProgrammeVersion) -> dict[str, str]:
    page = client.get(_at(version, "/live")).content.decode()
    seen = page.split('name="seen" value="')[1].split('"')[0]
    share = page.split('name="share" value="')[1].split('"')[0]
    return {"do": "release", "seen": seen, "share": share, "why_released": "Nothing is amiss"}


def test_a_release_goes_stage_by_stage_with_its_figures_in_the_log(here: County) -> None:
    version, lead = _going(here), here.signed_in("lead")
    sent = _shown(lead, version)
    assert "Say why it may go on" in lead.post(_at(version, "/live"), sent | {"why_released": ""}).content.decode()
    for _ in range(2):
        assert lead.post(_at(version, "/live"), sent).status_code == 302

    assert _now(version).share == 1
    assert "Looked ahead: 0 people" in Decision.objects.get().evidence
    assert _shown(lead, version)["share"] == "10"


def test_what_was_not_shown_is_not_released(here: County) -> None:
    version, lead = _going(here), here.signed_in("lead")
    sent = _shown(lead, version)
    case = a_case(here)
    type(case).objects.filter(pk=case.pk).update(release_rank=5)

    late = lead.post(_at(version, "/live"), sent)

    assert late.status_code == 409
    assert "not what you were shown any more" in late.content.decode()
    assert _now(version).share == 0
    skipped = lead.post(_at(version, "/live"), sent | {"share": "100"})
    assert skipped.status_code == 409
    assert lead.post(_at(version, "/live"), sent | {"share": "55"}).status_code == 400


@pytest.mark.parametrize("who", ["guardian", "safety"])
def test_whoever_may_pause_stops_a_version_but_does_not_release_it(here: County, who: str) -> None:
    version, client = _going(here), here.signed_in(who)
    page = client.get(_at(version, "/live")).content.decode()
    assert "within a minute" in page
    assert 'value="release"' not in page
    sent = {"do": "release", "seen": "x", "share": "1", "why_released": "x"}
    assert client.post(_at(version, "/live"), sent).status_code == 403

    assert "Say why, in a few words" in client.post(_at(version, "/live"), {"do": "stop"}).content.decode()
    for _ in range(2):
        assert client.post(_at(version, "/live"), {"do": "stop", "why_stopped": "A wrong number"}).status_code == 302
    assert _now(version).state == VersionState.STOPPED
    assert "A wrong number" in client.get(_at(version)).content.decode()


def test_a_version_before_its_days_is_not_put_in_force(here: County, draft: ProgrammeVersion) -> None:
    early = a_version(now=here.now.replace(year=here.now.year + 2), number=3, state=VersionState.SIGNED)
    page = here.signed_in("lead").post(_at(early, "/live"), {"do": "in_force"})
    assert page.status_code == 409
    assert "outside the days" in page.content.decode()


def test_folders_nobody_put_forward_are_listed_and_put_forward_once(
    here: County, monkeypatch: pytest.MonkeyPatch
) -> None:
    lead = here.signed_in("lead")
    page = lead.get("/programmes/put-forward").content.decode()
    assert 'value="power_cut"' in page
    assert 'value="covid_protect"' not in page, "it is in force as it lies there"

    assert "Choose what" in lead.post("/programmes/put-forward", {"folder": "../etc", "why": "x"}).content.decode()
    sent = {"folder": "power_cut", "why": "The winter begins"}
    assert lead.post("/programmes/put-forward", sent).status_code == 302
    kept = ProgrammeVersion.objects.get(programme="power_cut")
    assert kept.put_forward_by == str(here.staff["lead"].pk)
    assert "Choose what to put forward" in lead.post("/programmes/put-forward", sent).content.decode()
    assert ProgrammeVersion.objects.filter(programme="power_cut").count() == 1


def test_what_a_check_finds_is_said_at_file_and_line_with_the_mend(
    here: County, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    folder = tmp_path / "flood"
    folder.mkdir()
    (folder / "programme.yaml").write_text("code: flood\nversion: one\n")
    monkeypatch.setattr(folders, "content_folder", lambda name: tmp_path)

    sent = {"folder": "flood", "why": "The river rises"}
    page = here.signed_in("clinician").post("/programmes/put-forward", sent).content.decode()

    assert "<code>flood/programme.yaml:" in page
    assert "Mend:" in page
    assert str(tmp_path) not in page
    assert not ProgrammeVersion.objects.filter(programme="flood").exists()


def test_a_number_already_taken_is_said_in_words(here: County, monkeypatch: pytest.MonkeyPatch) -> None:
    def taken(**asked: object) -> None:
        raise folders.NumberTaken

    monkeypatch.setattr(journey, "put_forward", taken)
    sent = {"folder": "power_cut", "why": "x"}
    assert "Raise `version`" in here.signed_in("lead").post("/programmes/put-forward", sent).content.decode()


#: page → the most queries it may take, whatever is listed on it.
QUERIES = {"/programmes/": 16, "version": 20, "/words": 16, "/changed": 18, "/live": 25}


@pytest.mark.parametrize("page", list(QUERIES))
def test_a_page_takes_the_same_queries_however_much_was_said(here: County, draft: ProgrammeVersion, page: str) -> None:
    version = _going(here) if page == "/live" else draft
    where = page if page == "/programmes/" else _at(version, "" if page == "version" else page)
    lead = here.signed_in("lead")
    lead.get(where)

    def count() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert lead.get(where).status_code == 200
        return len(asked)

    once = count()
    with acting_as(WORKER):
        for number in range(20):
            Comment.objects.create(
                programme_version=version, words=str(number), said_by="x", said_for="Food Hub", said_at=here.now
            )
    assert count() == once
    assert once <= QUERIES[page], once
