"""
How old somebody must be to read a text, in English, and how long its sentences are, in any language.

Flesch-Kincaid grade (Kincaid and others, 1975), with syllables counted by groups of vowels, plus five: the age of an
English schoolchild in that grade. It is a measure of long words and sentences and of nothing else; it is for English
only. Short texts swing widely, so each page is measured as a whole.
"""

from __future__ import annotations

import re

#: Years. The average reading age of adults in England is put at 9 to 11; no page may ask for more.
OLDEST = 11.0
_VOWELS = re.compile(r"[aeiouy]+")
_END = re.compile(r"[.!?:]+(?:\s|$)|\n")
_END_ANYWHERE = re.compile(r"[.!?:؟]+(?:\s|$)|\n")


def reading_age(*, text: str) -> float:
    """Give the age in years (to one place, never under 5) at which a text is read easily. O(letters)."""
    sentences = [one for one in _END.split(text) if re.search(r"[a-z]", one.lower())]
    words = re.findall(r"[a-z']+", text.lower())
    if not words:
        return 5.0
    syllables = sum(_syllables(word) for word in words)
    grade = 0.39 * len(words) / len(sentences) + 11.8 * syllables / len(words) - 15.59
    return round(max(grade + 5, 5.0), 1)


def words_a_sentence(*, text: str) -> float:
    """Give how many words a sentence has, to one place, in any language that puts spaces between them; 0 for none."""
    sentences = [len(re.findall(r"\w+", one)) for one in _END_ANYWHERE.split(text)]
    told = [words for words in sentences if words]
    return round(sum(told) / len(told), 1) if told else 0.0


def _syllables(word: str) -> int:
    # A silent e at the end is no syllable of its own: "phone" has one, "table" and "the" keep theirs.
    trimmed = word[:-1] if re.search(r"[^aeiouyl]e$", word) and len(word) > 3 else word
    return max(len(_VOWELS.findall(trimmed)), 1)
