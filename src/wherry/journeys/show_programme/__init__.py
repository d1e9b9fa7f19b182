"""
A programme in plain words a lay reviewer can read: the whole of it, each place's change marked with who agreed it.

In:      ProgrammeFiles, and the same as each place has it
Out:     InWords (chapters, parts, items), as text or as one page of HTML that needs nothing else
Never:   leaves a value out; reads a person; a database
Next:    compare_programmes, which lays two of them beside each other
"""

from wherry.journeys.show_programme.as_html import as_html
from wherry.journeys.show_programme.as_text import as_text
from wherry.journeys.show_programme.telling import chapter_of, in_words
from wherry.journeys.show_programme.types import Chapter, InWords, Item, Part, Said, Shape, Words

__all__ = [
    "Chapter",
    "InWords",
    "Item",
    "Part",
    "Said",
    "Shape",
    "Words",
    "as_html",
    "as_text",
    "chapter_of",
    "in_words",
]
