"""
The door `wherry`: finds each command when it is asked for, and turns what went wrong into a sentence and an exit code.

Commands are listed here by name and loaded late, so that `wherry --help` and `wherry triage` start fast and an
optional part that is not installed is simply not listed.
"""

from __future__ import annotations

import errno
import importlib
import importlib.metadata
import importlib.util
import os
import sys
from dataclasses import dataclass

import click

from wherry.foundation.errors import ExitCode, WherryError

_INTERRUPTED = 130
_FAULT_OF_OURS = 70


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

    0 done, 1 the input is wrong, 2 usage, 3 a check found problems, 4 the environment is wrong; 130 after Ctrl-C;
    70 for a fault of our own, whose traceback is shown only where WHERRY_TRACEBACK is set, since it may hold data.
    """
    try:
        ended = wherry.main(args=arguments, prog_name="wherry", standalone_mode=False)
        sys.stdout.flush()
        return int(ended) if isinstance(ended, int) and not isinstance(ended, bool) else ExitCode.DONE
    except WherryError as error:
        return _said(str(error), error.exit_code)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        return _INTERRUPTED
    except OSError as error:
        return _operating_system(error)
    except Exception as error:
        if os.environ.get("WHERRY_TRACEBACK"):
            raise
        return _said(_fault(error), _FAULT_OF_OURS)


def _said(sentence: str, code: int) -> int:
    click.echo(f"wherry: {sentence}", err=True)
    return int(code)


def _operating_system(error: OSError) -> int:
    if error.errno == errno.EPIPE:
        # The reader has left (`| head`): point the stream elsewhere, so that the interpreter's last flush is quiet.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ExitCode.DONE
    about = f" ({error.filename})" if error.filename else ""
    return _said(f"the system refused: {error.strerror or type(error).__name__}{about}", ExitCode.ENVIRONMENT_WRONG)


def _fault(error: Exception) -> str:
    last = error.__traceback__
    while last and last.tb_next:
        last = last.tb_next
    place = f"{last.tb_frame.f_code.co_filename}:{last.tb_lineno}" if last else "an unknown place"
    return f"a fault of ours, {type(error).__name__} at {place}; please report it (WHERRY_TRACEBACK=1 shows more)"


if __name__ == "__main__":
    main()
