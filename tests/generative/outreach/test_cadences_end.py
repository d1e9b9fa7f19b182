"""Whatever a cadence says and whatever was tried, waiting long enough brings the owner or one more contact. H-06."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.reaching import ADDRESS_POINT, LANDLINE_POINT, MOBILE_POINT, cadence, point, resident, wish
from wherry.outreach.rules.next_contact import next_contact
from wherry.outreach.types import Attempted, AttemptState, Call, Channel, Exhausted, Forbidden, Hours, Send, Step, Wait
from wherry.people.types import WishKind

HOUR = dt.timedelta(hours=1)
NAMES = ("one", "two", "three", "four", "five")
hours_of_a_day = st.tuples(st.integers(0, 23), st.integers(0, 23)).filter(lambda pair: pair[0] < pair[1])
windows = hours_of_a_day.map(lambda pair: Hours(dt.time(pair[0]), dt.time(pair[1])))
moments = st.datetimes(dt.datetime(2026, 1, 1), dt.datetime(2027, 1, 1), timezones=st.just(dt.UTC))
several_steps = st.lists(
    st.builds(
        Step,
        id=st.sampled_from(NAMES),
        channel=st.sampled_from(Channel),
        message=st.just("m"),
        after=st.integers(0, 100).map(lambda hours: hours * HOUR),
        patience=st.integers(1, 200).map(lambda hours: hours * HOUR),
        stale_after=st.none() | st.integers(1, 200).map(lambda hours: hours * HOUR),
        fallback=st.booleans(),
    ),
    min_size=1,
    max_size=5,
    unique_by=lambda step: step.id,
)
POINTS = [MOBILE_POINT, LANDLINE_POINT, ADDRESS_POINT, point("email", "ana@example.org")]
wishes = st.builds(wish, st.sampled_from([kind.value for kind in WishKind]), st.sampled_from(["", "sms", "letter"]))
people = st.builds(
    lambda known, said: replace(resident(), contact_points=tuple(known), wishes=tuple(said)),
    st.lists(st.sampled_from(POINTS), unique_by=id),
    st.lists(wishes, max_size=2),
)
histories = st.lists(
    st.builds(
        Attempted,
        st.sampled_from([*NAMES, "of_an_older_version"]),
        st.sampled_from(Channel),
        st.sampled_from(AttemptState),
        moments,
        st.sampled_from(["", MOBILE_POINT.value, "+447700900999"]),
    ),
    max_size=4,
)


@settings(max_examples=150, deadline=None)
@given(several_steps, windows, people, histories, moments, st.data())
def test_every_path_from_every_history_ends_with_an_owner(steps, opens, person, history, opened_at, data):
    plan = replace(cadence(), steps=tuple(steps), contact_hours=opens)
    now = max([opened_at, *(one.intended_at for one in history)])
    tried = list(history)
    for _ in range(4 * len(steps) + 8):
        found = next_contact(cadence=plan, history=tried, reachable=person, occurrence_opened_at=opened_at, now=now)
        if isinstance(found, Wait):
            assert found.until > now
            now = found.until
        elif isinstance(found, Send | Call):
            assert found.step.id not in {one.step_id for one in tried}
            state = data.draw(st.sampled_from(AttemptState))
            tried.append(Attempted(found.step.id, found.step.channel, state, now, found.contact_point.value))
        else:
            break
    assert isinstance(found, Forbidden) or (isinstance(found, Exhausted) and found.owner == plan.exhausted_owner)
