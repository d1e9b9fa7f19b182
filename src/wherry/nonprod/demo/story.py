"""
The main job, step by step: files arrive, people are found, clinicians agree, people are reached, helped, asked again.

Every step may be repeated: it looks at how things stand and does what is left. So a demonstration killed at any
moment and begun again ends the same.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path
from typing import TypeVar

import httpx
import psycopg
from django.db import Error as DatabaseError
from django.db import connection

from wherry.commands.progress import Bar
from wherry.database.cluster import Cluster
from wherry.foundation.actors import Actor, Kind
from wherry.foundation.errors import EnvironmentWrong
from wherry.foundation.periods import LONDON
from wherry.journeys.find_people_at_risk import find
from wherry.journeys.programme_in_force import as_written, in_force
from wherry.journeys.read_programme import agreements
from wherry.journeys.receive_feed import link_people, receive
from wherry.journeys.turn import left_to_do
from wherry.nonprod.county.county import CountyFiles, write_county
from wherry.nonprod.demo import clock, office, personas, signing
from wherry.nonprod.demo.behaviour import WRONG_NUMBERS, answer_shares, draw
from wherry.nonprod.demo.desks import callers, clinicians, partners
from wherry.nonprod.demo.processes import Processes
from wherry.nonprod.demo.progress import Progress
from wherry.nonprod.demo.residents import Residents
from wherry.nonprod.demo.world import World
from wherry.population.store import Store

PROGRAMME = "covid_protect"
START_ON = dt.date(2026, 3, 2)
_FIRST_MORNING = dt.datetime.combine(START_ON, dt.time(7, 0), LONDON)
OPERATOR = Actor(kind=Kind.CONSOLE, id="demonstration")
#: The hours of a simulated day at which people act, and how much later each day's are than the day's before. What falls
#: due so many hours or whole days after something done in such an hour thus falls due before a later one begins, never
#: amid it: how long this machine takes must not show in what comes out.
MOMENTS = (dt.time(9, 30), dt.time(13, 0), dt.time(17, 5))
_LATER_EACH_DAY = dt.timedelta(minutes=3)
_TRIES = 40
#: How far apart, within such an hour, one kind of people acts after another.
_PHASE = dt.timedelta(minutes=10)
_A_TURN_SECONDS = 0.4
#: However much there is to do, less of it is left from time to time while somebody works on it.
_STANDS_STILL_SECONDS = 300
#: The gateway takes 64 KiB at a time, as real ones do.
_NUMBERS_AT_ONCE = 1_000
Item = TypeVar("Item")


@dataclass
class Story:
    """One demonstration in one home."""

    home: Path
    people: int
    days: int
    seed: int
    progress: Progress
    processes: Processes
    say: Callable[[str], None]
    bar: Callable[[str], AbstractContextManager[Bar]]
    _drawn: Bar = field(init=False)

    @property
    def store(self) -> Store:
        """The county's population store."""
        return Store(self.home / "store")

    @property
    def incoming(self) -> Path:
        """Where partners' files arrive."""
        return self.home / "demo" / "incoming"

    def tell(self) -> None:
        """Walk every step that is not done."""
        self._step("The county's files arrive and are received", "received", self._receive)
        self._step("Records are linked to people", "linked", self._link)
        self._step("Partners and staff join", "joined", self._join)
        self._step("The programme is signed and released", "signed", self._sign)
        self._step("People at risk are found, with reasons", "found", self._find)
        self._step("Sites, worker and gateway start", "", self.processes.start)
        self._step("Clinicians review and sign", "agreed", self._agree)
        for day in range(self.days):
            for number, moment in enumerate(MOMENTS):
                at = dt.datetime.combine(START_ON + dt.timedelta(days=day), moment, LONDON) + day * _LATER_EACH_DAY
                self._moment(at=at, day=day, number=number)

    def _step(self, words: str, name: str, do: Callable[[], None]) -> None:
        if name and self.progress.is_done(name):
            return
        self.say(words)
        with self.bar(words) as self._drawn:
            self.surviving(do)
        if name:
            self.progress.note(name)

    def _counted(self, items: Sequence[Item]) -> Iterator[Item]:
        """Go through the items of a step, and let the bar follow."""
        self._drawn.total, self._drawn.done = len(items), 0
        for item in items:
            yield item
            self._drawn.update(1)

    def surviving(self, do: Callable[[], None]) -> None:
        """Do a step again, from how things stand, when the database or a process went away under it."""
        for tried in range(_TRIES):
            try:
                do()
                return
            except (DatabaseError, psycopg.Error, httpx.TransportError):
                if tried == _TRIES - 1:
                    raise
                connection.close()
                time.sleep(1)
                Cluster(self.home).ensure_running()
                if self.processes.ports:
                    self.processes.check()

    @cached_property
    def _office(self) -> office.Office:
        return office.Office(self.processes.staff, self.home, self.seed, answer_shares(people=self.people))

    @cached_property
    def _world(self) -> World:
        return World(self.incoming / "truth.json")

    def county(self) -> CountyFiles:
        """Write the county's files; the same people, seed and day give the same bytes."""
        return write_county(people=self.people, seed=self.seed, start_on=START_ON, into=self.incoming)

    def _receive(self) -> None:
        clock.move_to(home=self.home, moment=_FIRST_MORNING)
        for delivery in self._counted(self.county().deliveries):
            receive(
                by=OPERATOR,
                contract=delivery.contract,
                files=delivery.files,
                store=self.store,
                received_at=_FIRST_MORNING.astimezone(dt.UTC),
                extracted_on=delivery.extracted_on,
                control_total=delivery.control_total,
                synthetic=True,
            )

    def _link(self) -> None:
        link_people(by=OPERATOR, store=self.store, at=_FIRST_MORNING.astimezone(dt.UTC))

    def _join(self) -> None:
        personas.set_up(
            by=OPERATOR,
            home=self.home,
            store=self.store,
            programme=PROGRAMME,
            password=office.password(self.home),
            agreements=agreements(files=as_written(programme=PROGRAMME).files),
        )

    def _sign(self) -> None:
        signing.bring_into_force(programme=PROGRAMME)

    def _find(self) -> None:
        (self.home / "runs").mkdir(exist_ok=True)
        for place in in_force(programme=PROGRAMME).programme.places:
            find(
                by=OPERATOR,
                programme=PROGRAMME,
                place=place,
                store=self.store,
                as_of=START_ON,
                out=self.home / "runs" / f"{PROGRAMME}_{place}.parquet",
            )

    def _break_telephones(self) -> None:
        # Some numbers in partners' files reach nobody; the gateway learns which, as a network would know.
        mobiles = self._world.mobiles()
        wrong = [one for one in mobiles if draw(seed=self.seed, who=one, step="wrong number") < WRONG_NUMBERS]
        headers = {"Authorization": f"Bearer {self.processes.gateway_token}"}
        address = f"{self.processes.gateway}/wrong-numbers"
        for at in range(0, len(wrong), _NUMBERS_AT_ONCE):
            told = {"numbers": wrong[at : at + _NUMBERS_AT_ONCE]}
            httpx.post(address, json=told, headers=headers, timeout=30, trust_env=False).raise_for_status()

    def _agree(self) -> None:
        self._break_telephones()
        clock.move_to(home=self.home, moment=dt.datetime.combine(START_ON, dt.time(8, 0), LONDON))
        clinicians.review_lists(office=self._office, world=self._world)
        self._settle()

    def _moment(self, *, at: dt.datetime, day: int, number: int) -> None:
        # One kind of people at a time, each at a clock of its own and each a step of its own: what somebody does is
        # never a matter of which of two others was quicker, or of where a run that was cut short begins again.
        when = f"Day {day + 1}, {at:%H:%M}"
        phases = (("messages go out", self._reach), ("residents answer", self._residents), ("callers ring", self._call))
        for index, (words, do) in enumerate((*phases, ("partners help", self._help))):
            moment = at + index * _PHASE
            self._step(f"{when}: {words}", f"day-{day}-{number}-{index}", partial(self._phase, moment, do))

    def _phase(self, moment: dt.datetime, do: Callable[[dt.datetime], None]) -> None:
        clock.move_to(home=self.home, moment=moment)
        # A turn of the worker at the new hour: what only time brings (a red flag that climbs) comes before people act.
        time.sleep(_A_TURN_SECONDS)
        self._settle()
        do(moment)
        self._settle()

    def _reach(self, moment: dt.datetime) -> None:
        """Leave it to the worker: what is due at this hour is due because of how things stand."""

    def _residents(self, moment: dt.datetime) -> None:
        residents = Residents(
            site=self.processes.person,
            gateway=self.processes.gateway,
            token=self.processes.gateway_token,
            seed=self.seed,
            world=self._world,
            answers=answer_shares(people=self.people),
        )
        # Whoever stops may stop for somebody on the same telephone too: that is carried out before anybody answers.
        residents.leave(before=moment)
        self._settle()
        residents.answer(before=moment, counted=self._counted)

    def _call(self, moment: dt.datetime) -> None:
        # What a call brings to light (a red flag, say) is rung about in the same hour.
        self._drawn.total, self._drawn.done = callers.tasks_waiting(), 0
        while callers.work_the_list(office=self._office, each=self._drawn.update):
            self._settle()

    def _help(self, moment: dt.datetime) -> None:
        partners.answer_calls_to_action(office=self._office, before=moment, each=self._drawn.update)

    def _settle(self) -> None:
        """Wait until the worker has done all there is to do and the gateway owes nobody a receipt."""
        before: tuple[int, dict[str, int]] = (0, {})
        since = time.monotonic()
        # What is owed is asked first: a receipt that comes after that is among what is left.
        while any(left := (self._owed(), _left())):
            if left != before:
                before, since = left, time.monotonic()
            if time.monotonic() > since + _STANDS_STILL_SECONDS:
                raise EnvironmentWrong(f"the worker stands still: {left[1]} left; look at {self.home / 'log'}")
            self.processes.check()
            time.sleep(0.15)

    def _owed(self) -> int:
        headers = {"Authorization": f"Bearer {self.processes.gateway_token}"}
        answer = httpx.get(f"{self.processes.gateway}/owed", headers=headers, timeout=30, trust_env=False)
        return int(answer.json()["owed"])


def _left() -> dict[str, int]:
    return {name: number for name, number in left_to_do().items() if number}
