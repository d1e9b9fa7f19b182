"""`wherry demo`: the main job on a synthetic county, then the sites."""

from __future__ import annotations

import fcntl
import json
import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from wherry.commands.installation import database
from wherry.commands.progress import step
from wherry.foundation.errors import EnvironmentWrong, ExitCode, InputWrong

if TYPE_CHECKING:
    from wherry.nonprod.demo.processes import Processes
    from wherry.nonprod.demo.story import Story


@click.command("demo")
@click.option(
    "--people", default=20_000, show_default=True, type=click.IntRange(100, 200_000), help="Residents of the county."
)
@click.option("--days", default=3, show_default=True, type=click.IntRange(1, 28), help="Simulated days.")
@click.option("--seed", default=1, show_default=True, help="Every behaviour comes from it, the person and the step.")
@click.option(
    "--home",
    default="var",
    show_default=True,
    type=click.Path(path_type=Path, file_okay=False),
    help="The folder everything is kept in.",
)
@click.option("--no-serve", is_flag=True, help="End after the job instead of serving the sites.")
@click.option("--json", "json_file", type=click.Path(path_type=Path, dir_okay=False), help="Write the result here too.")
def command(people: int, days: int, seed: int, home: Path, no_serve: bool, json_file: Path | None) -> None:
    """
    Run the main job end to end on a synthetic county, then serve the sites until Ctrl-C.

    Run again on the same home it goes on where it was, or reports. Everybody in it is invented.

    Example: wherry demo --people 20000 --days 3 --seed 1
    """
    if json_file and not json_file.absolute().parent.is_dir():
        # Said now, not at the end of the job.
        raise InputWrong(f"{json_file} cannot be written: its folder is not there; name another file")
    home = home.resolve()
    home.mkdir(parents=True, exist_ok=True)
    os.environ["WHERRY_DEMO"] = "1"
    with _alone(home), database(home=home):
        _owner_migrates(home)
        problems = _run(home=home, people=people, days=days, seed=seed, json_file=json_file, serve=not no_serve)
    if problems:
        raise SystemExit(ExitCode.CHECK_FOUND_PROBLEMS)


@contextmanager
def _alone(home: Path) -> Iterator[None]:
    # The kernel lets go of the lock however this process ends.
    with (home / "demo.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise EnvironmentWrong(f"a demonstration is running in {home}; end it, or choose another --home") from error
        yield


def _owner_migrates(home: Path) -> None:
    # In a process of its own: this one acts as the worker, never as the owner of the schema.
    import subprocess
    import sys

    command = [sys.executable, "-m", "wherry", "migrate", "--home", str(home)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)  # noqa: S603 our own command


def _run(*, home: Path, people: int, days: int, seed: int, json_file: Path | None, serve: bool) -> tuple[str, ...]:
    from wherry.commands.installation import wire

    wire(home=home, role="worker")
    from wherry.nonprod.demo.processes import Processes
    from wherry.nonprod.demo.progress import Progress
    from wherry.nonprod.demo.report import page, result
    from wherry.nonprod.demo.story import Story

    progress = Progress.open(home / "demo" / "progress.json", {"people": people, "days": days, "seed": seed})
    processes = Processes(home)
    say = partial(click.echo, err=True)
    story = Story(home, people, days, seed, progress, processes, say=lambda words: say(f"· {words}"), bar=step)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        story.tell()
        found = result(story=story)
        click.echo(page(found))
        if json_file:
            json_file.write_text(json.dumps(found.as_plain(), indent=1, sort_keys=True, ensure_ascii=False) + "\n")
        if serve:
            _serve(story=story, processes=processes)
        return found.problems
    finally:
        processes.stop()


def _serve(*, story: Story, processes: Processes) -> None:
    from wherry.nonprod.demo import doorway, office, personas

    if not processes.ports:
        processes.start()
    names, follow = _to_follow(story=story, processes=processes)
    door = doorway.open_door(home=story.home, staff_site=processes.staff, follow=follow)
    click.echo("\nWho works here, all invented:")
    for one in personas.personas():
        click.echo(f"  {one.role:24} {one.email:36} {one.name}, {one.organisation}")
    click.echo(
        f"\nThe person site: {processes.person}\n"
        f"The staff sites: {processes.staff}   password: {office.password(story.home)}\n"
        f"Codes to sign in with, as they change: {door}   (or: wherry code EMAIL --home {story.home})\n"
        f"Follow one resident, with their telephone: {door}follow{names}   (the tutorial: docs/tutorial.md)\n"
        "Ctrl-C ends. Open the last two in a browser."
    )
    waiting = threading.Event()
    try:
        while not waiting.wait(timeout=2):
            processes.check()
    except KeyboardInterrupt:
        click.echo("")


def _to_follow(*, story: Story, processes: Processes) -> tuple[str, Callable[[], str]]:
    """Choose one resident whose story goes on and one whose story is told. Gives the first's name, and their page."""
    from django.db import connection

    from wherry.nonprod.demo import following, following_page

    yours, told = following.choose(kept_in=story.home / "demo" / "follow.json")

    def follow() -> str:
        # Each look has a thread of its own, and so a connection of its own, which nobody else would close.
        try:
            return following_page.body(
                yours=yours,
                told=told,
                staff_site=processes.staff,
                gateway=processes.gateway,
                token=processes.gateway_token,
            )
        finally:
            connection.close()

    return f"   {yours.name}" if yours else "", follow
