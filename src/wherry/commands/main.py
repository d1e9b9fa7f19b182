"""
The door `wherry`: finds each command when it is asked for, and turns what went wrong into a sentence and an exit code.

Commands are listed here by name and loaded late, so that `wherry --help` and `wherry triage` start fast and an
optional part that is not installed is simply not listed.
"""

from __future__ import annotations

import difflib
import errno
import importlib
import importlib.metadata
import importlib.util
import os
import sys
from dataclasses import dataclass

import click

from wherry.commands.failures import told
from wherry.foundation.errors import ExitCode, WherryError

_INTERRUPTED = 130


@dataclass(frozen=True)
class Entry:
    """Where a command lives (`module:name`) and the line `--help` shows for it."""

    where: str
    words: str

    @property
    def module(self) -> str:
        """Give the module's name."""
        return self.where.partition(":")[0]

    def is_installed(self) -> bool:
        """Say whether the module exists, without importing it (its package is imported)."""
        try:
            return importlib.util.find_spec(self.module) is not None
        except ModuleNotFoundError:
            return False

    def load(self) -> click.Command:
        """Import the command. An import that fails inside the module is its own fault and is not hidden."""
        command: click.Command = getattr(importlib.import_module(self.module), self.where.partition(":")[2])
        return command


COMMANDS: dict[str, Entry] = {
    "demo": Entry("wherry.nonprod.demo:command", "The main job, end to end, on an invented county."),
    "code": Entry("wherry.nonprod.demo.codes:command", "The code an invented member of staff signs in with now."),
    "serve": Entry("wherry.commands.serve:command", "Run the person site or the staff sites."),
    "worker": Entry("wherry.commands.worker:command", "Run the job worker."),
    "migrate": Entry("wherry.commands.migrate:command", "Bring the database up to date."),
    "doctor": Entry("wherry.commands.doctor:command", "Say what is wrong with this installation."),
    "programme": Entry("wherry.commands.programme:group", "Check, show and compare programmes."),
    "feeds": Entry("wherry.commands.feeds:group", "Check and receive partners' files."),
    "people": Entry("wherry.commands.people:group", "Link records to persons."),
    "risk": Entry("wherry.commands.risk:group", "Find the people at risk, with reasons."),
    "triage": Entry("wherry.commands.triage:command", "Answers in, needs and red flags out."),
    "codelists": Entry("wherry.commands.codelists:group", "Take published codelists into a programme."),
    "audit": Entry("wherry.commands.audit:group", "Verify the audit chain."),
}


class _Door(click.Group):
    """The group of all commands, listed without importing them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [name for name, entry in COMMANDS.items() if entry.is_installed()]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        entry = COMMANDS.get(cmd_name)
        return entry.load() if entry and entry.is_installed() else None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0] if args else ""
        if name and not name.startswith("-") and self.get_command(ctx, name) is None:
            alike = difflib.get_close_matches(name, self.list_commands(ctx), n=1)
            meant = f" Did you mean {alike[0]!r}?" if alike else ""
            raise click.UsageError(f"No such command {name!r}.{meant}", ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        rows = [(name, COMMANDS[name].words) for name in self.list_commands(ctx)]
        if rows:
            with formatter.section("Commands"):
                formatter.write_dl(rows)


def _version(ctx: click.Context, _: click.Parameter, asked: bool) -> None:
    if not asked:
        return
    try:
        click.echo(f"wherry {importlib.metadata.version('wherry')}")
    except importlib.metadata.PackageNotFoundError:
        click.echo("wherry, run from its source and not installed")
    ctx.exit()


@click.group(cls=_Door, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option("--version", is_flag=True, is_eager=True, expose_value=False, callback=_version, help="Show the version.")
def wherry() -> None:
    """
    Find the people most at risk, reach them, ask what they need, get it done, and prove that it helped.

    Example: wherry programme check programmes/covid_protect
    """


def main() -> None:
    """Run the command line and end the process with its exit code."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """
    Run one command; give its exit code.

    0 done, 1 the input is wrong, 2 usage, 3 a check found problems, 4 the environment is wrong, or a fault of our own,
    whose traceback is shown only where WHERRY_TRACEBACK is set, since it may hold data; 130 after Ctrl-C.
    """
    try:
        ended = wherry.main(args=arguments, prog_name="wherry", standalone_mode=False)
        sys.stdout.flush()
        return int(ended) if isinstance(ended, int) and not isinstance(ended, bool) else ExitCode.DONE
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        return _INTERRUPTED
    except Exception as error:
        if isinstance(error, OSError) and error.errno == errno.EPIPE:
            return _reader_has_left()
        if os.environ.get("WHERRY_TRACEBACK") and not isinstance(error, WherryError):
            raise
        sentence, code = told(error)
        click.echo(f"wherry: {sentence}", err=True)
        return int(code)


def _reader_has_left() -> int:
    # The reader has left (`| head`): point the stream elsewhere, so that the interpreter's last flush is quiet.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return ExitCode.DONE


if __name__ == "__main__":
    main()
