"""
Check-in links: 128 bits that cannot be guessed and need not be stored.

A token is made from the occurrence's id and the installation's key, so that a message sent again after a doubt holds
the same link, and the database holds only its hash.
"""

from __future__ import annotations

import hashlib
import hmac
from base64 import urlsafe_b64encode
from uuid import UUID


def token_for(*, occurrence_id: UUID, key: bytes) -> str:
    """Make the token of an occurrence: 22 letters, digits, - and _."""
    digest = hmac.new(key, b"check-in link\0" + occurrence_id.bytes, hashlib.sha256).digest()[:16]
    return urlsafe_b64encode(digest).decode().rstrip("=")


def code_for(*, asked_id: UUID, key: bytes) -> str:
    """Make the one-time code of a request: six digits, the same each time, and kept nowhere."""
    digest = hmac.new(key, b"one-time code\0" + asked_id.bytes, hashlib.sha256).digest()
    return f"{int.from_bytes(digest[:8]) % 1_000_000:06d}"


def token_hash(token: str) -> str:
    """Hash a token as the database keeps it. 64 hexadecimal characters."""
    return hashlib.sha256(token.encode()).hexdigest()
