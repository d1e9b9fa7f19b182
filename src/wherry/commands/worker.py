"""`wherry worker`: do what is due, again and again; take up jobs the moment they are deferred."""

from __future__ import annotations

import asyncio
import logging
import signal
from pathlib import Path

import click

from wherry.commands.installation import HOME, database, wire
from wherry.foundation.errors import EnvironmentWrong

log = logging.getLogger(__name__)
_PAUSE_SECONDS = 0.5
_AFTER_TROUBLE_SECONDS = 2.0


@click.command("worker")
@click.option("--once", is_flag=True, help="Take turns until nothing is left to do, then end.")
@click.option("--with-parent", is_flag=True, hidden=True, help="End when the process that started this one ends.")
@HOME
def command(once: bool, with_parent: bool, home: Path) -> None:
    """
    Run the job worker until Ctrl-C.

    Example: wherry worker --home var
    """
    from wherry.commands.serve import end_with_parent

    if with_parent:
        end_with_parent()
    with database(home=home):
        wire(home=home, role="worker")
        _refuse_unfit()
        if once:
            _until_nothing_is_left()
        else:
            asyncio.run(_work())


def _refuse_unfit() -> None:
    from wherry.commands.doctor import problems

    found = problems()
    if found:
        raise EnvironmentWrong(f"this installation is not fit to work: {found[0]}; run wherry doctor")


def _until_nothing_is_left() -> None:
    from wherry.journeys.turn import take_turn

    while any(take_turn().values()):
        pass


async def _work() -> None:
    from procrastinate.contrib.django import app

    stopping = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    connector = app.connector.get_worker_connector()
    with app.replace_connector(connector) as jobs:
        async with jobs.open_async():
            await asyncio.gather(_take_jobs(jobs, stopping), _take_turns(stopping))


async def _take_jobs(jobs: object, stopping: asyncio.Event) -> None:
    # A job taken up at once is a matter of seconds; the turns find whatever a dead worker left behind.
    working = asyncio.create_task(
        jobs.run_worker_async(install_signal_handlers=False, concurrency=2, delete_jobs="successful")  # type: ignore[attr-defined]
    )
    await stopping.wait()
    working.cancel()
    await asyncio.gather(working, return_exceptions=True)


async def _take_turns(stopping: asyncio.Event) -> None:
    while not stopping.is_set():
        pause = await asyncio.to_thread(_turn)
        try:
            await asyncio.wait_for(stopping.wait(), timeout=pause)
        except TimeoutError:
            continue


def _turn() -> float:
    from django.db import Error, close_old_connections, connection

    from wherry.journeys.turn import take_turn

    try:
        return 0.05 if any(take_turn().values()) else _PAUSE_SECONDS
    except Error as error:
        # The database went away or a row was taken first: the next turn finds the same work again.
        log.warning("a turn was cut short: %s", type(error).__name__)
        connection.close()
        return _AFTER_TROUBLE_SECONDS
    finally:
        close_old_connections()
