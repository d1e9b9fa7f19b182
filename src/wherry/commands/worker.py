"""`wherry worker`: do what is due, again and again; take up jobs the moment they are deferred."""

from __future__ import annotations

import asyncio
import logging
import signal
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click
import psycopg
from procrastinate.exceptions import ConnectorException

from wherry.commands.installation import HOME, database, wire
from wherry.foundation.errors import EnvironmentWrong

if TYPE_CHECKING:
    from procrastinate import App

log = logging.getLogger(__name__)
_PAUSE_SECONDS = 0.3
#: After a turn that did something the next comes soon, but never so soon that looking costs more than working: looking
#: takes longer the more there is, and the machine may be busy with what people do on the pages.
_SOON_SECONDS, _LOOKS_TO_REST, _LONGEST_REST_SECONDS = 0.05, 2.0, 1.0
_AFTER_TROUBLE_SECONDS = 2.0
#: A worker that lives says so every ten seconds while it does jobs.
_DEAD_AFTER_SECONDS = 30.0


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
    with database(home=home, must_exist=True):
        wire(home=home, role="worker")
        _refuse_unfit()
        _pause_if_restored()
        if once:
            _until_nothing_is_left()
        else:
            asyncio.run(_work())


def _refuse_unfit() -> None:
    from wherry.commands.doctor import problems

    found = problems()
    if found:
        raise EnvironmentWrong(f"this installation is not fit to work: {found[0]}; run wherry doctor")


def _pause_if_restored() -> None:
    from wherry.journeys.restored import pause_if_restored

    if pause_if_restored():
        log.critical(
            "this database was restored from a backup: nothing is sent until somebody resumes it in the office"
        )


def _until_nothing_is_left() -> None:
    from wherry.journeys.turn import take_turn

    while any(take_turn().values()):
        pass


async def _work() -> None:
    """Take up what was deferred, in order, then do what is due; one thing at a time, so that order is order."""
    from procrastinate.contrib.django import app

    stopping = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    connector = app.connector.get_worker_connector()  # type: ignore[attr-defined]  # the Django connector has it
    with app.replace_connector(connector) as jobs:
        async with jobs.open_async():
            while not stopping.is_set():
                await _take_jobs(jobs)
                pause = await asyncio.to_thread(_turn)
                with suppress(TimeoutError):
                    await asyncio.wait_for(stopping.wait(), timeout=pause)


async def _take_jobs(jobs: App) -> None:
    # A job that fails stays marked as failed; the turns find what it left undone.
    try:
        await put_back_what_the_dead_held(jobs)
        await jobs.run_worker_async(
            wait=False, concurrency=1, install_signal_handlers=False, listen_notify=False, delete_jobs="successful"
        )
    except (psycopg.Error, ConnectorException):
        log.warning("jobs were left for later: the database did not answer")


async def put_back_what_the_dead_held(jobs: App) -> None:
    """Let jobs be taken again that a worker was killed in the middle of: they would count as being done for ever."""
    for left in await jobs.job_manager.get_stalled_jobs(seconds_since_heartbeat=_DEAD_AFTER_SECONDS):
        await jobs.job_manager.retry_job(left)


def _place_of(error: BaseException) -> str:
    import traceback

    ours = [frame for frame in traceback.extract_tb(error.__traceback__) if "wherry" in frame.filename]
    return f"{ours[-1].name}, line {ours[-1].lineno}" if ours else "an unknown place"


def _turn() -> float:
    from django.db import InterfaceError, OperationalError, close_old_connections, connection

    from wherry.journeys.turn import take_turn

    began = time.monotonic()
    try:
        if not any(take_turn().values()):
            return _PAUSE_SECONDS
        rest = _LOOKS_TO_REST * (time.monotonic() - began)
        return min(max(rest, _SOON_SECONDS), _LONGEST_REST_SECONDS)
    except (OperationalError, InterfaceError):
        # The database went away, or two hands reached for one row: the next turn finds the same work again.
        log.warning("a turn was cut short: the database did not answer")
        connection.close()
        return _AFTER_TROUBLE_SECONDS
    except Exception as error:
        # A fault of ours. The other parts of the turn must not wait for its mending; the message may hold a row.
        log.error("a turn was cut short by a fault: %s at %s", type(error).__name__, _place_of(error))
        connection.close()
        return _AFTER_TROUBLE_SECONDS
    finally:
        close_old_connections()
