"""
What went wrong, as one sentence and an exit code.

A message of the database or of DuckDB may hold a row; of those only the kind, and names of files and columns, are told.
"""

from __future__ import annotations

import errno
import re

from wherry.foundation.errors import ExitCode, WherryError

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_REFUSED = {
    errno.EACCES: "may not be read or written by this user; change who may, or choose another place",
    errno.EPERM: "may not be changed by this user; change who may, or choose another place",
    errno.EROFS: "is on a disk that cannot be written; choose another place",
    errno.ENOENT: "does not exist, or its folder does not; check the name",
    errno.EEXIST: "is there already and is not a folder; choose another name",
    errno.ENOTDIR: "is a file where a folder is needed; choose another name",
    errno.EISDIR: "is a folder where a file is needed; choose another name",
    errno.ENAMETOOLONG: "is too long a name; choose a shorter one",
}
_FULL_WORDS = "the disk is full{at}; make room and run the same command again"
_MEMORY_WORDS = "this computer has too little memory free for it; end other programs and run the same command again"
_PARQUET_DAMAGED = (
    "No magic bytes",
    "too small to be a Parquet file",
    "Invalid Input Error: File",
    "TProtocolException",
)


def told(error: Exception) -> tuple[str, int]:
    """
    Give one sentence with the next step, and the exit code, for whatever a command raised.

    Anything not anticipated is a fault of ours: said with its place in the code, never with its message.
    """
    if isinstance(error, WherryError):
        return str(error), error.exit_code
    if isinstance(error, OSError):
        return _operating_system(error), ExitCode.ENVIRONMENT_WRONG
    if isinstance(error, MemoryError):
        return _MEMORY_WORDS, ExitCode.ENVIRONMENT_WRONG
    kinds = {f"{kind.__module__.lstrip('_').split('.')[0]}.{kind.__name__}" for kind in type(error).__mro__}
    if "duckdb.Error" in kinds:
        return _duckdb(error) or (_fault(error), ExitCode.ENVIRONMENT_WRONG)
    if kinds & {"psycopg.Error", "django.Error", "django.DatabaseError", "procrastinate.ConnectorException"}:
        return _database(error), ExitCode.ENVIRONMENT_WRONG
    return _fault(error), ExitCode.ENVIRONMENT_WRONG


def _operating_system(error: OSError) -> str:
    at = f" ({error.filename})" if error.filename else ""
    if error.errno in _FULL:
        return _FULL_WORDS.format(at=at)
    if error.errno == errno.ENOMEM:
        return _MEMORY_WORDS
    if error.errno in _REFUSED and error.filename:
        return f"{error.filename} {_REFUSED[error.errno]}"
    return f"the system refused: {error.strerror or type(error).__name__}{at}"


def _duckdb(error: Exception) -> tuple[str, int] | None:
    said = str(error)
    named = re.search(r"""['"]([^'"]+\.parquet)['"]""", said)
    file = named[1] if named else "a file of the store"
    if any(words in said for words in ("No space left", "File too large", "Disk quota", "max_temp_directory_size")):
        return _FULL_WORDS.format(at=""), ExitCode.ENVIRONMENT_WRONG
    if "Out of Memory" in said or type(error).__name__ == "OutOfMemoryException":
        return _MEMORY_WORDS, ExitCode.ENVIRONMENT_WRONG
    if any(words in said for words in _PARQUET_DAMAGED):
        return f"{file} is damaged or is not Parquet; restore it from a copy, or make it again", ExitCode.INPUT_WRONG
    if "No files found" in said or "No such file" in said:
        return f"{file} does not exist; restore it from a copy, or make it again", ExitCode.INPUT_WRONG
    if "Permission denied" in said:
        return f"{file} may not be read or written by this user; change who may", ExitCode.ENVIRONMENT_WRONG
    if type(error).__name__ == "ConversionException":
        column, kind = re.search(r"source column (\w+)", said), re.search(r" to (?:type )?([A-Z0-9]+)\b", said)
        where = f"the store's column {column[1]}" if column else "a column of the store"
        meant = kind[1] if kind else "its documented type"
        return f"{where} holds a value that cannot be read as {meant}; mend the table", ExitCode.INPUT_WRONG
    return None


def _database(error: BaseException) -> str:
    states = set()
    cause: BaseException | None = error
    while cause is not None:
        states.add(getattr(cause, "sqlstate", None))
        cause = cause.__cause__ or cause.__context__
    if "53100" in states:
        return _FULL_WORDS.format(at=", says the database")
    if states & {"42P01", "42703", "3F000"}:
        return "the database is not up to date; run wherry migrate"
    if (
        "OperationalError" in type(error).__name__
        or states <= {None}
        or any(s and s[:2] in ("08", "57") for s in states)
    ):
        return "the database did not answer, or went away; run wherry doctor, then the same command again"
    return _fault(error)


def _fault(error: BaseException) -> str:
    last = error.__traceback__
    while last and last.tb_next:
        last = last.tb_next
    place = f"{last.tb_frame.f_code.co_filename}:{last.tb_lineno}" if last else "an unknown place"
    return (
        f"a fault of ours, {type(error).__name__} at {place}; please report this line (WHERRY_TRACEBACK=1 shows more,"
        " perhaps people's data: keep that to yourself)"
    )
