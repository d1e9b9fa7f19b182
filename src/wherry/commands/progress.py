"""
How far a long step has come, drawn on a terminal and nowhere else.

    with step("Landing the register", total=9_412) as bar:
        for chunk in chunks:
            land(chunk)
            bar.update(len(chunk))

Without a total the bar moves to and fro and the seconds count: for one long statement that says nothing on its way.
`bar.say("checking rows")` changes the words beside it. Nothing is drawn in the first second, nothing at all when
standard error is not a terminal, and the line is gone when the step ends, well or badly.
"""

from __future__ import annotations

import os
import shutil
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TextIO

_QUIET_SECONDS = 1.0
_REDRAW_SECONDS = 0.2
_WIDTH = 24
_CLEAR = "\r\x1b[K"


class Bar:
    """A step's advance. `update` and `say` may be called from any thread, as often as one likes."""

    def __init__(self, words: str, total: int | None, marks: tuple[str, str] = ("█", "░")) -> None:
        self.words, self.total, self.done = words, total, 0
        self._full, self._empty = marks
        self._lock = threading.Lock()

    def update(self, number: int) -> None:
        """Count that many more of the total as done."""
        with self._lock:
            self.done += number

    def say(self, words: str) -> None:
        """Change the words beside the bar."""
        self.words = words

    def line(self, *, seconds: float, columns: int) -> str:
        """Draw the bar as one line no longer than the terminal is wide. seconds: since the step began."""
        if self.total:
            filled = min(_WIDTH, _WIDTH * self.done // self.total)
            drawn = self._full * filled + self._empty * (_WIDTH - filled)
            counted = f" {min(100, 100 * self.done // self.total):3d} %"
        else:
            there = int(seconds / _REDRAW_SECONDS) % (2 * _WIDTH)
            at = min(there, 2 * _WIDTH - 1 - there)
            drawn, counted = self._empty * at + self._full + self._empty * (_WIDTH - 1 - at), ""
        minutes, left = divmod(int(seconds), 60)
        return f"{self.words}  {drawn}{counted}  {minutes}:{left:02d}"[: columns - 1]


@contextmanager
def step(words: str, *, total: int | None = None, to: TextIO | None = None) -> Iterator[Bar]:
    """
    Draw a bar while the block runs. total: how many `bar.update` will count; None when nobody knows.

    to: the terminal; standard error by default. Where it is none, nothing is written.
    """
    stream = to or sys.stderr
    plain = not (stream.encoding or "").lower().startswith("utf")
    bar = Bar(words, total, ("#", ".") if plain else ("█", "░"))
    if not _can_draw(stream):
        yield bar
        return
    ended = threading.Event()
    drawer = threading.Thread(target=_draw, args=(bar, stream, ended), daemon=True)
    drawer.start()
    try:
        yield bar
    finally:
        ended.set()
        drawer.join()


def _can_draw(stream: TextIO) -> bool:
    return stream.isatty() and os.environ.get("TERM", "dumb") != "dumb"


def _draw(bar: Bar, stream: TextIO, ended: threading.Event) -> None:
    begun = time.monotonic()
    drawn = False
    pause = _QUIET_SECONDS
    # The terminal may be gone; a step does not fail for want of somebody watching it.
    with suppress(OSError, ValueError):
        while not ended.wait(timeout=pause):
            columns = shutil.get_terminal_size().columns
            stream.write(_CLEAR + bar.line(seconds=time.monotonic() - begun, columns=columns))
            stream.flush()
            drawn, pause = True, _REDRAW_SECONDS
        if drawn:
            stream.write(_CLEAR)
            stream.flush()
