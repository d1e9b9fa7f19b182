"""No place leaves the bounds, whatever its programme lists; what makes it safer or its own is taken."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.overlays import covid_protect, laid, refused, written
from wherry.programmes.rules.bounds import BOUNDS
from wherry.programmes.rules.paths import matches
from wherry.programmes.types import Section


def central(section: str, *keys: str | int) -> Any:
    here = covid_protect().sections[section].data
    for key in keys:
        here = here[key]
    return here


def without(mapping: dict[str, Any], *keys: str) -> dict[str, Any]:
    return {key: value for key, value in mapping.items() if key not in keys}


STEP = central("cadence", "steps", 1)
RULES = central("triage", "rules")
SERVICE = central("services", "services", 0)
QUESTION = "questionnaire.item.your_health.item.breathless"
BROKEN: tuple[tuple[str, Any, str], ...] = (
    # What the programme is.
    ("programme.languages", ["en", "pl"], "is dropped"),
    ("programme.lawful_basis", [], "is for the centre alone"),
    ("programme.owner", "Somebody else", "is for the centre alone"),
    ("programme.risk_owner", "Somebody else", "is for the centre alone"),
    ("programme.sign_off_roles", ["programme_lead"], "is for the centre alone"),
    ("programme.places_may_change", ["*"], "is for the centre alone"),
    ("programme.finds_only", True, "is for the centre alone"),
    ("programme.asks_once", True, "is for the centre alone"),
    ("programme.red_flag_minutes", 30, "may wait longer"),
    ("programme.check_in_every_days", 7, "asked less often"),
    ("programme.check_in_every_hours", 6, "asked less often"),
    ("programme.escalation", ["caller", "supervisor"], "would climb otherwise"),
    ("programme.escalation", ["gate", "caller", "supervisor", "clinician"], "would climb otherwise"),
    ("hazards.hazards.H-10.status", "closed", "a hazard of the centre is changed"),
    # Who changes the list.
    ("review.remove.roles", ["clinician", "caller"], "other people may change the list"),
    ("review.remove.reasons.whim", {"code": "whim", "words": "a", "expires_after_days": 9}, "for other reasons"),
    ("review.add.reasons.new_diagnosis.expires_after_days", 1, "an addition ends sooner"),
    # Contact.
    ("cadence.contact_hours.opens", "07:00", "earlier in the day"),
    ("cadence.contact_hours.closes", "22:00", "later in the day"),
    ("cadence.caps.per_person", 9, "more often in a day"),
    ("cadence.steps.second_text.after_hours", 7, "the contact comes later"),
    ("cadence.steps.second_text.after_days", 1, "the contact comes later"),
    ("cadence.steps.second_text.patience_hours", 100, "the contact after this one comes later"),
    ("cadence.steps.second_text.stale_after_hours", 7, "given up sooner"),
    ("cadence.steps.call.stale_after_hours", 26, "given up sooner"),
    ("cadence.steps.second_text.channel", "letter", "goes another way"),
    ("cadence.steps.first_text.fallback", True, "left out for some people"),
    ("cadence.steps", [STEP], "a step comes before one of the centre"),
    ("messages/en.messages.invitation.sms", "Hello {name}. {sender} {link} STOP", "placeholders"),
    ("messages/en.messages.letter_invitation.letter.paragraphs", ["Dear {name}"], "placeholders"),
    ("messages/en.stop_words", ["halt"], "a word that stops the messages is dropped"),
    ("messages/en.language", "fr", "the language of the file is changed"),
    ("call_script.policy.retry_after_hours", [3], "tried less often or later"),
    ("call_script.policy.retry_after_hours", [3, 40], "tried less often or later"),
    ("call_script.policy.call_back_after_hours", 40, "rung back later"),
    ("call_script.red_flag.no_message_about", [], "a message may be left about more"),
    ("call_script.red_flag_stop", ["Wait for us."], "said at once about a red flag"),
    ("call_script.red_flag.ask", ["Is it urgent?"], "asked about a red flag"),
    ("call_script.interpreter", ["Find somebody."], "placeholders"),
    ("call_script.red_flag.because.themselves", "You told us something.", "placeholders"),
    ("call_script.opening", [], "placeholders"),
    ("call_script.red_flag.endings", [], "how a red flag may end"),
    # Questions.
    (f"{QUESTION}.enableWhen", [{"question": "rather_say", "operator": "=", "answerBoolean": True}], "who is asked"),
    (f"{QUESTION}.required", False, "who must answer"),
    (f"{QUESTION}.type", "text", "another kind of answer"),
    (f"{QUESTION}.answerOption.at_rest.valueCoding.badness", 0, "how bad an answer is"),
    ("questionnaire.item.company_and_home.item.anything_else.maxLength", 10, "less may be answered"),
    (f"{QUESTION}.text", "Do you feel well?", "breathless can raise a red flag, and is asked in other words"),
    (f"{QUESTION}.answerOption.at_rest.valueCoding.display", "A little", "asked in other words"),
    (f"{QUESTION}.answerOption.at_rest.valueCoding.about_them.pl", "Nie", "asked in other words"),
    (f"{QUESTION}.answerOption", [], "taken away"),
    ("questionnaire.item.your_health.item", [], "taken away"),
    ("questionnaire.item", [], "taken away"),
    (f"{QUESTION}.text_pl", None, "taken away"),
    # Triage.
    ("triage.rules.breathless_at_rest.urgency", "today", "falls from emergency"),
    ("triage.rules.food_low.urgency", "routine", "falls from soon"),
    ("triage.rules.food_low.urgency", "urgent", "falls from soon"),
    ("triage.incomplete.urgency", "none", "falls from routine"),
    ("triage.rules.chest_pain.red_flag", None, "the red flag chest_pain is taken away"),
    ("triage.rules.chest_pain.red_flag", "other", "the red flag chest_pain is taken away"),
    ("triage.rules.chest_pain", without(RULES[1], "red_flag"), "the red flag chest_pain is taken away"),
    ("triage.rules", [*RULES[:1], *RULES[2:]], "the red flag chest_pain is taken away"),
    ("triage.rules", [RULES[1], RULES[0], *RULES[2:]], "taken away"),
    ("triage.rules.chest_pain.when", {"chest_pain": "at least yes", "age": "at least 75"}, "makes the rule fire"),
    ("triage.rules.food_low.when", {"food": "at least none"}, "makes the rule fire"),
    ("triage.rules.food_low.need", "money", "another need"),
    ("triage.rules.chest_pain.say.en", "Wait for us.", "said at once about a red flag"),
    ("triage.rules.chest_pain.say", {"en": "Wait for us."}, "said at once about a red flag"),
    ("triage.context.tier.scale", ["1", "2", "3"], "read otherwise"),
    ("triage.incomplete.need", "money", "comes to another need"),
    ("triage.incomplete.words", "Ring and ask", "placeholders"),
    ("triage.named_by_link", ["food", "mental_health"], "more is told to whoever holds a link"),
    # Help, and what becomes known.
    ("services.services.food_parcel.clock_hours.emergency", 2, "help may come later"),
    ("services.services.food_parcel.clock_hours.soon", 200, "help may come later"),
    ("services.services.food_parcel.organisation", "another", "another organisation is told"),
    ("services.services.food_parcel.places", ["waveney"], "leaves a place"),
    ("services.services.food_parcel.how", "email", "told another way"),
    ("services.services.food_parcel.shares.food", ["name", "safe_times"], "safe_times would be shared for food"),
    ("services.services.food_parcel.shares.mental_health", ["name", "address"], "address would be shared"),
    ("services.services", [SERVICE], "taken away"),
    ("services.open_hours_count_for", ["soon", "routine", "today"], "out of hours"),
    ("services.outside_hours.within_hours.today", 24, "help may come later"),
    ("measures.small_numbers_below", 1, "smaller numbers are shown"),
    ("measures.by", ["place"], "fewer groups"),
    ("measures.measures.helped.count", "signed", "something else is counted"),
    ("measures.measures.helped.of", "signed", "something else is counted"),
    ("measures.unusual_looks.people", 200, "fewer looks"),
    ("measures.unusual_looks.from", "23:00", "fewer looks"),
    ("measures.unusual_looks.to", "05:00", "fewer looks"),
    # Who is found.
    ("risk.take", "every", "which categories a person takes"),
    ("risk.rank_by", "other", "the score that is shown"),
    ("risk.scores.frailty.points.diabetes", 0, "a score of the centre is changed"),
    ("risk.criteria.dialysis.within.days", [0, 30], "who is found at risk is changed"),
    ("risk.groups.asthma_on_steroids.all", ["asthma_diagnosis"], "who is found at risk is changed"),
    ("risk.groups.shielding.any", ["on_national_list"], "who is found at risk is changed"),
    ("risk.groups.shielding", {"words": "Nobody", "all": ["on_national_list", "dialysis"]}, "who is found at risk"),
    ("risk.groups.like_the_national_list.any", [*central("risk", "groups", "like_the_national_list", "any"), "frail"],
     "could move to shielded"),
    ("risk.categories.social.when", "lives_alone", "who is in a category"),
    ("risk.categories.social.tiers", [{"tier": 3}], "the tiers of a category"),
    ("risk.categories", central("risk", "categories")[1:], "comes before one of the centre"),
)  # fmt: skip


@pytest.mark.parametrize(
    ("path", "value", "said"), BROKEN, ids=[f"{path}-{at}" for at, (path, _, _) in enumerate(BROKEN)]
)
def test_a_bound_nobody_may_leave_is_held_whatever_the_programme_lists(path: str, value: Any, said: str) -> None:
    told = refused({path: value})

    assert said in told, told or "it was taken"
    assert "no place may do that" in told
    assert told.startswith("places/norwich/x.yaml:")


def test_each_bound_is_seen_to_bite() -> None:
    paths = [path.split(".") for path in (*(path for path, _, _ in BROKEN), "agreements.agreements.icb.until")]
    whole_or_above = {".".join(parts[:length]) for parts in paths for length in range(1, len(parts) + 1)}

    unseen = [one.path for one in BOUNDS if not any(matches(path=path, pattern=one.path) for path in whole_or_above)]
    assert unseen == []


TAKEN: tuple[tuple[str, Any], ...] = (
    ("programme.languages", [*central("programme", "languages"), "ro"]),
    ("programme.red_flag_minutes", 10),
    ("programme.escalation", [*central("programme", "escalation"), "medical_director"]),
    ("cadence.contact_hours.opens", "09:00"),
    ("cadence.steps.second_text.after_hours", 5),
    ("cadence.steps.second_call", {**central("cadence", "steps", 2), "id": "second_call", "after_days": 2}),
    ("cadence.exhausted.team", "norwich_outreach"),
    ("messages/ro", {**central("messages/en"), "language": "ro"}),
    ("messages/en.messages.invitation.sms", central("messages/en", "messages", "invitation", "sms") + " Thank you."),
    (f"{QUESTION}.text_ro", "Respirați greu?"),
    (f"{QUESTION}.answerOption.at_rest.valueCoding.display_ro", "În repaus"),
    ("questionnaire.item.your_health.item.warm", {"linkId": "warm", "type": "boolean", "text": "Are you warm?"}),
    ("questionnaire.item.things_you_need.item.food.text", "Have you food for the next days?"),
    ("call_script.opening", ["Hello, I am ringing from Norwich."]),
    ("triage.rules.food_low.urgency", "today"),
    ("triage.rules.cold", {"id": "cold", "when": {"warm": True}, "need": "care", "urgency": "soon", "words": "Cold"}),
    ("triage.rules.chest_pain.say.ro", "Sunați la 999."),
    ("triage.rules", [{"id": "cold", "when": {"food": "is not_sure"}, "urgency": "soon", "words": "a"}, *RULES]),
    ("triage.named_by_link", ["food"]),
    ("services.services.food_parcel.capacity_per_day", 10),
    ("services.services.food_parcel.opens", "09:00"),
    ("services.services.food_parcel.shares.food", ["name", "address"]),
    ("services.services.food_parcel.clock_hours.today", 2),
    ("risk.groups.at_social_risk.any", [*central("risk", "groups", "at_social_risk", "any"), "severe_obesity"]),
    ("risk.criteria.coastal", {"words": "Lives by the sea", "demographic": {"field": "place", "among": ["waveney"]}}),
    (
        "risk.categories.coastal",
        {"category": "coastal", "words": "By the sea", "when": "coastal", "tiers": [{"tier": 3}]},
    ),
    ("risk.criteria.dialysis.words", "Kidney dialysis within the year"),
    ("measures.small_numbers_below", 10),
)


@pytest.mark.parametrize(("path", "value"), TAKEN, ids=[f"{at}-{one[0]}" for at, one in enumerate(TAKEN)])
def test_what_makes_a_place_safer_or_its_own_is_taken(path: str, value: Any) -> None:
    assert refused({path: value}) == ""


def test_a_new_service_shares_little_of_a_need_no_service_of_the_centre_takes() -> None:
    new = {**SERVICE, "code": "warm_room", "shares": {"warmth": ["name", "telephone", "language", "need_words"]}}

    assert refused({"services.services.warm_room": new}) == ""
    new["shares"] = {"warmth": ["name", "address"]}
    assert "address would be shared for warmth" in refused({"services.services.warm_room": new})


def test_a_new_service_is_no_slower_for_what_is_urgent() -> None:
    new = {**SERVICE, "code": "slow", "clock_hours": {"emergency": 1, "today": 72, "soon": 80, "routine": 90}}

    said = refused({"services.services.slow": new})

    assert "what is today may wait 72 hours" in said
    assert "no place may do that; write 4 or less" in said


def test_a_group_under_a_not_may_not_grow() -> None:
    risk = {
        "take": "every",
        "criteria": {"a": {"words": "aaa", "age": {"at_least": 1}}, "b": {"words": "bbb", "age": {"at_least": 2}}},
        "groups": {"some": {"words": "some", "any": ["a"]}, "others": {"words": "others", "not": "some"}},
        "categories": [{"category": "one", "words": "one", "when": "others", "tiers": [{"tier": 1}]}],
    }
    sections = {"risk": Section("risk.yaml", risk)}

    assert "stands under a `not`" in refused({"risk.groups.some.any": ["a", "b"]}, sections=sections)
    risk["groups"]["others"] = {"words": "others", "all": ["some"]}  # type: ignore[index]
    assert refused({"risk.groups.some.any": ["a", "b"]}, sections=sections) == ""


def test_an_agreement_of_a_place_is_for_its_own_delivery_partners() -> None:
    there = {"organisation": "icb", "takes_part": ["care"], "until": "2026-12-31"}
    sections = {"agreements": Section("agreements.yaml", {"agreements": [there]})}
    new = {"organisation": "warm_rooms", "takes_part": ["delivery"], "places": ["norwich"], "until": "2026-12-31"}

    def said(one: dict[str, Any]) -> str:
        return refused({"agreements.agreements.warm_rooms": one}, sections=sections)

    assert said(new) == ""
    assert "for more than delivery" in said({**new, "takes_part": ["delivery", "care"]})
    assert "holds elsewhere as well" in said(without(new, "places"))
    later = {"agreements.agreements.icb.until": "2030-12-31"}
    assert "an agreement of the centre is changed" in refused(later, sections=sections)


def test_the_line_is_that_of_the_very_key_that_breaks_the_bound() -> None:
    new = {**SERVICE, "code": "nosy", "shares": {"money": ["name"], "food": ["name", "safe_times"]}}

    changes = {"cadence.steps.second_text.after_hours": 5, "services.services.nosy": new}

    said = refused(changes)

    line = 1 + [one.strip() for one in written(changes).splitlines()].index("food:")
    assert f"x.yaml:{line}: services.services.nosy.shares.food" in said


def test_two_changes_of_one_thing_are_told_apart() -> None:
    said = refused(
        {"cadence.contact_hours": {"opens": "09:00", "closes": "19:00"}, "cadence.contact_hours.opens": "10:00"}
    )

    assert '"cadence.contact_hours.opens" lies within "cadence.contact_hours", which is changed here too' in said


def test_an_item_bears_the_name_it_is_put_under() -> None:
    assert "bears the name" in refused({"services.services.fridge": {**SERVICE, "code": "other"}})


def test_a_place_change_is_laid_and_the_centre_is_left_as_it_was() -> None:
    before = repr(covid_protect().sections["cadence"].data)

    resolved, _ = laid({"cadence.steps.second_text.after_hours": 5})

    assert resolved["cadence"].data["steps"][1]["after_hours"] == 5
    assert repr(covid_protect().sections["cadence"].data) == before
