"""What every command of the care plane needs: a home, its database running, and Django wired for one role."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from wherry.foundation.errors import EnvironmentWrong

HOME = click.option(
    "--home",
    default="var",
    show_default=True,
    type=click.Path(path_type=Path, file_okay=False),
    help="The folder of this installation's data and secrets.",
)


def wire(*, home: Path, role: str, site: str = "none") -> None:
    """Set this process up for one database role and one site. Call once, before any model is imported."""
    os.environ["WHERRY_HOME"] = str(home.resolve())
    os.environ["WHERRY_DATABASE_ROLE"] = role
    os.environ["WHERRY_SITE"] = site
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wherry.config.settings")
    import django

    django.setup()


@contextmanager
def database(*, home: Path, must_exist: bool = False) -> Iterator[None]:
    """
    Use the home's PostgreSQL: started if need be, stopped when its last user leaves.

    must_exist: refuse, making nothing, a folder that holds no installation.
    """
    from wherry.database.cluster import Cluster

    if must_exist and not (home / "postgres.json").exists() and "DATABASE_URL" not in os.environ:
        raise EnvironmentWrong(f"there is no installation in {home}; name one with --home, or make one: wherry migrate")

    with Cluster(home).using():
        yield


def migrate(*, home: Path) -> None:
    """Bring the schema up to date, as its owner. Nothing to do is no error."""
    wire(home=home, role="owner")
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)
