"""The deeds of referrals: how each is done here; and what writes nothing down, with why that is right."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from tests.support.deeds.kinds import HOUR, Deed
from tests.support.places_and_people import Side
from wherry.foundation.actors import WORKER
from wherry.referrals import actions as referrals


def on_call(action: Callable[..., object], **more: object) -> Deed:
    def deed(side: Side, now: dt.datetime) -> object:
        by = side.actor("partner") if action in (referrals.accept, referrals.decline, referrals.finish) else WORKER
        return action(by=by, call_to_action=side.call, now=now, **more)

    return deed


DEEDS: dict[str, Deed | tuple[Deed, Deed]] = {
    "referrals.offer": (
        lambda s, n: referrals.withdraw(by=WORKER, call_to_action=s.call, why="x", now=n),
        lambda s, n: referrals.offer(
            by=WORKER, need=s.need, service="food_parcel", partner=s.partner, shared={}, clock_ends_at=n + HOUR, now=n
        ),
    ),
    "referrals.accept": on_call(referrals.accept),
    "referrals.decline": on_call(referrals.decline, reason="no_capacity"),
    "referrals.finish": (on_call(referrals.accept), on_call(referrals.finish, outcome="helped")),
    "referrals.lapse": on_call(referrals.lapse),
    "referrals.ask_person": on_call(referrals.ask_person),
    "referrals.person_says": (
        lambda s, n: (on_call(referrals.accept)(s, n), on_call(referrals.finish, outcome="helped")(s, n)),
        on_call(referrals.person_says, helped=True),
    ),
    "referrals.say_capacity": lambda s, n: referrals.say_capacity(
        by=s.actor("partner"), partner=s.partner, service="food_parcel", takes=5, now=n
    ),
    "referrals.tell_anew": on_call(referrals.tell_anew, shared={"address": "9 Sea View"}, area="Norwich, NR99"),
    "referrals.withdraw": on_call(referrals.withdraw, why="stop"),
}
