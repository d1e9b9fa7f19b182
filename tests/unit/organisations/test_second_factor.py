"""The second factor's arithmetic: the standard's own examples, the tolerance, what never comes back, what is sealed."""

from __future__ import annotations

import base64
import datetime as dt
import uuid

import pytest
from cryptography.exceptions import InvalidTag

from wherry.organisations.second_factor import (
    CodeVerdict,
    code_at,
    enrolment_address,
    new_recovery_codes,
    new_secret,
    recovery_hash,
    seal,
    step_at,
    try_code,
    unseal,
)

NOW = dt.datetime(2026, 11, 23, 9, 0, 10, tzinfo=dt.UTC)
HERE = step_at(now=NOW)
SECRET = base64.b32encode(b"12345678901234567890").decode()
KEY, OTHER_KEY = (base64.urlsafe_b64encode(bytes([n]) * 32).decode().rstrip("=") for n in (1, 2))


@pytest.mark.parametrize(
    ("seconds", "code"),
    [(59, "94287082"), (1111111109, "07081804"), (1234567890, "89005924"), (20000000000, "65353130")],
)
def test_codes_are_those_of_the_standard(seconds: int, code: str) -> None:
    """RFC 6238, appendix B; it prints eight digits, of which ours are the last six."""
    assert code_at(secret=SECRET, step=seconds // 30) == code[-6:]


@pytest.mark.parametrize(("off", "verdict"), [(-2, "wrong"), (-1, "right"), (0, "right"), (1, "right"), (2, "wrong")])
def test_a_telephone_s_clock_may_be_half_a_minute_off(off: int, verdict: str) -> None:
    code = code_at(secret=SECRET, step=HERE + off)
    assert try_code(secret=SECRET, code=code, now=NOW, last_step=0)[0] == verdict


def test_no_code_comes_back_nor_any_before_it() -> None:
    newest = code_at(secret=SECRET, step=HERE + 1)
    verdict, last = try_code(secret=SECRET, code=newest, now=NOW, last_step=0)
    assert (verdict, last) == (CodeVerdict.RIGHT, HERE + 1)
    for step in (HERE - 1, HERE, HERE + 1):
        again = try_code(secret=SECRET, code=code_at(secret=SECRET, step=step), now=NOW, last_step=last)
        assert again == (CodeVerdict.USED, last)


def test_spaces_in_a_code_do_not_matter() -> None:
    code = code_at(secret=SECRET, step=HERE)
    assert try_code(secret=SECRET, code=f" {code[:3]} {code[3:]}\n", now=NOW, last_step=0)[0] is CodeVerdict.RIGHT


def test_a_sealed_secret_opens_with_its_key_in_its_own_row_only() -> None:
    me, another, secret = uuid.uuid4(), uuid.uuid4(), new_secret()
    sealed = seal(secret=secret, key=KEY, staff_id=me)
    assert unseal(sealed=sealed, key=KEY, staff_id=me) == secret
    assert secret not in sealed
    assert seal(secret=secret, key=KEY, staff_id=me) != sealed
    for key, staff_id in ((KEY, another), (OTHER_KEY, me)):
        with pytest.raises(InvalidTag):
            unseal(sealed=sealed, key=key, staff_id=staff_id)


def test_recovery_codes_differ_and_are_hashed_for_one_person_with_a_key() -> None:
    codes, me, another = new_recovery_codes(), uuid.uuid4(), uuid.uuid4()
    assert len(set(codes)) == 10
    assert all(set(code) <= set("23456789abcdefghjkmnpqrstuvwxyz-") for code in codes)
    ours = recovery_hash(code=codes[0], key=KEY, staff_id=me)
    assert ours == recovery_hash(code=f" {codes[0].upper().replace('-', ' ')} ", key=KEY, staff_id=me)
    assert ours != recovery_hash(code=codes[0], key=KEY, staff_id=another)
    assert ours != recovery_hash(code=codes[0], key=OTHER_KEY, staff_id=me)


def test_the_picture_says_what_authenticators_read() -> None:
    address = enrolment_address(secret="ABC", email="a+b@icb.example")
    assert address == "otpauth://totp/Wherry%3Aa%2Bb%40icb.example?secret=ABC&issuer=Wherry"
