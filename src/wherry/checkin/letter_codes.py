"""
The code of a letter: twelve letters and digits somebody can read, say and type, that lead to the same link.

Eleven carry 55 bits made from the occurrence's id and the installation's key; the last catches a slip of the finger
before anything is looked up. No I, L, O or U: what is typed for one of them is read as the 1, 1, 0 or V it looks like.
The link's token is made from the code and the key, so a code is worth nothing without asking us.
Hazards: H-08 (guessing), H-15 (a link in the wrong hands).
"""

from __future__ import annotations

import hashlib
import hmac
import re
from base64 import urlsafe_b64encode
from uuid import UUID

LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 12
_LOOK_ALIKES = str.maketrans("ILOU", "110V")
_BETWEEN = re.compile(r"[\s.\-‐-―_]")


def letter_code(*, occurrence_id: UUID, key: bytes) -> str:
    """Make the code of an occurrence as a letter shows it: K7P4-M9XH-2TQW."""
    digest = hmac.new(key, b"letter code\0" + occurrence_id.bytes, hashlib.sha256).digest()
    number = int.from_bytes(digest[:8])
    said = "".join(LETTERS[number >> 5 * place & 31] for place in range(LENGTH - 1))
    whole = said + _check_letter(said)
    return "-".join(whole[at : at + 4] for at in range(0, LENGTH, 4))


def read_letter_code(typed: str) -> str | None:
    """Read what somebody typed: small letters, spaces and look-alikes are taken; None where it is no code of ours."""
    said = _BETWEEN.sub("", typed).upper().translate(_LOOK_ALIKES)
    is_whole = len(said) == LENGTH and set(said) <= set(LETTERS)
    return said if is_whole and _check_letter(said[:-1]) == said[-1] else None


def token_of_code(*, code: str, key: bytes) -> str:
    """Make a link's token from a code as `read_letter_code` gives it: 22 letters, digits, - and _."""
    digest = hmac.new(key, b"check-in link\0" + code.encode(), hashlib.sha256).digest()[:16]
    return urlsafe_b64encode(digest).decode().rstrip("=")


def _check_letter(said: str) -> str:
    """Give the Luhn check letter, modulo 32: every slip of one letter shows, and nearly every two changed about."""
    total = 0
    for place, letter in enumerate(reversed(said)):
        value = LETTERS.index(letter) * (2 if place % 2 == 0 else 1)
        total += value // 32 + value % 32
    return LETTERS[-total % 32]
