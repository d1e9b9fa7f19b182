"""
The second factor: six digits from a telephone that change every half minute (TOTP, RFC 6238), and codes on paper.

Pure, but for randomness. Time is the wall clock's, always: the telephone knows no other, and a clock that invented
people live by must not make an old code good again. A code is remembered by its half minute, its *step*, and none at or
before the last one used is ever taken.
"""

from __future__ import annotations

import base64
import datetime as dt
import enum
import hashlib
import hmac
import secrets
from urllib.parse import quote, urlencode
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

STEP_SECONDS = 30
DIGITS = 6
#: A telephone's clock may be this many steps off.
_ASTRAY = 1
_NONCE_BYTES = 12
RECOVERY_CODES = 10
#: No letter that could be another, or a digit: 31 to the power of 10 codes, 49 bits.
_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"


class CodeVerdict(enum.StrEnum):
    """right: taken; used: right, and taken before; wrong: not the code."""

    RIGHT = "right"
    USED = "used"
    WRONG = "wrong"


def new_secret() -> str:
    """Make a secret for an authenticator: 160 random bits as 32 letters and digits (base 32)."""
    return base64.b32encode(secrets.token_bytes(20)).decode()


def step_at(*, now: dt.datetime) -> int:
    """Number the half minute that a moment lies in."""
    return int(now.timestamp()) // STEP_SECONDS


def code_at(*, secret: str, step: int) -> str:
    """Give the code of a step, as an authenticator shows it."""
    # RFC 6238 says SHA-1, and authenticators know no other; what is asked of it here is not broken.
    totp = TOTP(base64.b32decode(secret), DIGITS, SHA1(), STEP_SECONDS)  # noqa: S303
    return totp.generate(step * STEP_SECONDS).decode()


def try_code(*, secret: str, code: str, now: dt.datetime, last_step: int) -> tuple[CodeVerdict, int]:
    """
    Compare a typed code with those of now, the step before and the step after.

    Returns the verdict and the step it used up; `last_step` as given unless the verdict is right.
    """
    typed = "".join(code.split())
    here = step_at(now=now)
    fits = [
        step
        for step in range(here - _ASTRAY, here + _ASTRAY + 1)
        if hmac.compare_digest(code_at(secret=secret, step=step).encode(), typed.encode())
    ]
    if not fits:
        return CodeVerdict.WRONG, last_step
    if max(fits) <= last_step:
        return CodeVerdict.USED, last_step
    return CodeVerdict.RIGHT, max(fits)


def enrolment_address(*, secret: str, email: str) -> str:
    """Write what the square picture says: the address an authenticator reads the secret from."""
    return f"otpauth://totp/{quote(f'Wherry:{email}')}?{urlencode({'secret': secret, 'issuer': 'Wherry'})}"


def seal(*, secret: str, key: str, staff_id: UUID) -> str:
    """
    Encrypt a secret with a key of the home, for one member of staff: in another's row it does not open.

    key: as `wherry.database.secrets.secret` gives it, 43 characters of base 64.
    """
    nonce = secrets.token_bytes(_NONCE_BYTES)
    sealed = _cipher(key).encrypt(nonce, secret.encode(), staff_id.bytes)
    return base64.b64encode(nonce + sealed).decode()


def unseal(*, sealed: str, key: str, staff_id: UUID) -> str:
    """Decrypt a secret. Raises cryptography's InvalidTag where key, person or text are not those it was sealed with."""
    raw = base64.b64decode(sealed)
    return _cipher(key).decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], staff_id.bytes).decode()


def _cipher(key: str) -> AESGCM:
    return AESGCM(base64.urlsafe_b64decode(key + "="))


def new_recovery_codes() -> list[str]:
    """Make codes for the day the telephone is lost: `ab3cd-ef4gh`, each good once."""
    codes = ("".join(secrets.choice(_LETTERS) for _ in range(10)) for _ in range(RECOVERY_CODES))
    return [f"{code[:5]}-{code[5:]}" for code in codes]


def recovery_hash(*, code: str, key: str, staff_id: UUID) -> str:
    """Hash a recovery code as it is stored; spaces, dashes and capitals do not matter. 64 hexadecimal characters."""
    plain = "".join(letter for letter in code.casefold() if letter.isalnum())
    return hmac.new(key.encode(), staff_id.bytes + plain.encode(), hashlib.sha256).hexdigest()


def new_password() -> str:
    """Make a password to be said on the telephone and used once: four groups of four, 79 bits."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(4))
