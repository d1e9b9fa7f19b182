"""
What somebody signs in with: a password, an authenticator, recovery codes. Called as the sign-in, which alone sees them.

`key` is the home's secret for second factors; `now` the application's time, for the record, and where a code is
compared the wall clock's.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.contrib.auth.hashers import check_password, make_password
from django.db.models.functions import Now

from wherry.audit.actions import record
from wherry.foundation.actors import Actor
from wherry.organisations.models import Credential, RecoveryCode, SignIn
from wherry.organisations.second_factor import (
    CodeVerdict,
    new_password,
    new_recovery_codes,
    recovery_hash,
    seal,
    try_code,
    unseal,
)


@dataclass(frozen=True)
class Standing:
    """How far somebody has set themselves up. recovery_codes: how many are left."""

    must_choose_password: bool
    has_second_factor: bool
    recovery_codes: int


def password_is_right(*, staff_id: UUID | None, password: str) -> bool:
    """Compare a password; for nobody as much work is done, so that the time taken tells nothing. Renews old hashes."""
    credential = Credential.objects.filter(staff_id=staff_id).first() if staff_id else None
    if credential is None:
        make_password(password)
        return False

    def renew(raw: str) -> None:
        Credential.objects.filter(pk=credential.pk).update(password=make_password(raw))

    return bool(check_password(password, credential.password, setter=renew))


def standing(*, staff_id: UUID) -> Standing:
    """Say what somebody still has to set up."""
    credential = Credential.objects.get(staff_id=staff_id)
    left = RecoveryCode.objects.filter(staff_id=staff_id, used_at__isnull=True).count()
    return Standing(credential.must_choose_password, bool(credential.factor_sealed), left)


def spend_code(*, staff_id: UUID, code: str, key: str, now: dt.datetime) -> CodeVerdict:
    """
    Take an authenticator's code, once: the row is locked, so of two who send the same one only one gets in.

    now: the wall clock's.
    """
    credential = Credential.objects.select_for_update().get(staff_id=staff_id)
    if not credential.factor_sealed:
        return CodeVerdict.WRONG
    secret = unseal(sealed=credential.factor_sealed, key=key, staff_id=staff_id)
    verdict, step = try_code(secret=secret, code=code, now=now, last_step=credential.last_step)
    if verdict is CodeVerdict.RIGHT:
        credential.last_step = step
        credential.save(update_fields=["last_step"])
    return verdict


def enrol(*, by: Actor, staff_id: UUID, secret: str, step: int, key: str, now: dt.datetime) -> list[str]:
    """
    Give somebody an authenticator and new recovery codes, which are returned and can never be seen again.

    step: of the code that showed it works, which is used up by that.
    """
    Credential.objects.filter(staff_id=staff_id).update(
        factor_sealed=seal(secret=secret, key=key, staff_id=staff_id), last_step=step
    )
    record(by=by, did="second_factor.set_up", subject="staff", subject_ids=[staff_id], now=now)
    return renew_recovery_codes(by=by, staff_id=staff_id, key=key, now=now)


def renew_recovery_codes(*, by: Actor, staff_id: UUID, key: str, now: dt.datetime) -> list[str]:
    """Make new recovery codes; the old ones are worth nothing from now on."""
    RecoveryCode.objects.filter(staff_id=staff_id).delete()
    codes = new_recovery_codes()
    RecoveryCode.objects.bulk_create(
        RecoveryCode(staff_id=staff_id, code_sha256=recovery_hash(code=code, key=key, staff_id=staff_id))
        for code in codes
    )
    record(by=by, did="recovery_codes.made", subject="staff", subject_ids=[staff_id], now=now)
    return codes


def spend_recovery_code(*, staff_id: UUID, code: str, key: str) -> bool:
    """Take a recovery code, once."""
    hashed = recovery_hash(code=code, key=key, staff_id=staff_id)
    fits = RecoveryCode.objects.filter(staff_id=staff_id, code_sha256=hashed, used_at__isnull=True)
    return fits.update(used_at=Now()) == 1


def choose_password(*, by: Actor, staff_id: UUID, password: str, now: dt.datetime) -> None:
    """Let somebody take a new password."""
    Credential.objects.filter(staff_id=staff_id).update(password=make_password(password), must_choose_password=False)
    record(by=by, did="password.changed", subject="staff", subject_ids=[staff_id], now=now)


def reset(*, by: Actor, staff_id: UUID, now: dt.datetime) -> str:
    """
    Take away somebody's authenticator, recovery codes and sessions; give a password to start anew with, once.

    by: who decided it, in the record under their own name.
    """
    password = new_password()
    Credential.objects.filter(staff_id=staff_id).update(
        password=make_password(password), must_choose_password=True, factor_sealed="", last_step=0
    )
    RecoveryCode.objects.filter(staff_id=staff_id).delete()
    SignIn.objects.filter(staff_id=staff_id, ended_at__isnull=True).update(ended_at=Now(), ended_by="reset")
    record(by=by, did="sign_in.reset", subject="staff", subject_ids=[staff_id], now=now)
    return password
