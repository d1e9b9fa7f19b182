"""
Check-in links: tokens that cannot be guessed and need not be stored.

A token is made from the occurrence's id and the installation's key, by way of its letter's code (`letter_codes`), so
that a message sent again after a doubt holds the same link, and the database holds only its hash.
"""

from __future__ import annotations

import hashlib
import hmac
from uuid import UUID

from wherry.checkin.letter_codes import letter_code, token_of_code


def token_for(*, occurrence_id: UUID, key: bytes) -> str:
    """Make the token of an occurrence, the one its letter's code leads to: 22 letters, digits, - and _."""
    code = letter_code(occurrence_id=occurrence_id, key=key).replace("-", "")
    return token_of_code(code=code, key=key)


def code_for(*, asked_id: UUID, key: bytes) -> str:
    """Make the one-time code of a request: six digits, the same each time, and kept nowhere."""
    digest = hmac.new(key, b"one-time code\0" + asked_id.bytes, hashlib.sha256).digest()
    return f"{int.from_bytes(digest[:8]) % 1_000_000:06d}"


def token_hash(token: str) -> str:
    """Hash a token as the database keeps it. 64 hexadecimal characters."""
    return hashlib.sha256(token.encode()).hexdigest()
