"""Guesses are counted by account and by address, for a window, and then forgotten."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import RequestFactory

from wherry.database.context import acting_as
from wherry.foundation.actors import Actor, Kind
from wherry.organisations.errors import TooManyTries
from wherry.organisations.models import Try
from wherry.organisations.tries import forget_old_tries, hash_of_guesser, take_back, take_try
from wherry.organisations.types import GUESSED, Guess
from wherry.web.components.limits import address_of

SIGN_IN = Actor(kind=Kind.SIGN_IN, id="sign_in")
NOW = dt.datetime(2026, 11, 23, 9, 0, tzinfo=dt.UTC)
LIMIT = GUESSED[Guess.PASSWORD]
A, B, OFFICE, ELSEWHERE = "a" * 64, "b" * 64, "c" * 64, "d" * 64


def fill(*, account: str, address: str, times: int, at: dt.datetime = NOW) -> None:
    for _ in range(times):
        take_try(guess=Guess.PASSWORD, account=account, address=address, now=at)


@pytest.mark.django_db
def test_an_account_that_had_its_fill_waits_from_wherever_it_is_tried() -> None:
    with acting_as(SIGN_IN):
        fill(account=A, address=OFFICE, times=LIMIT.per_account)
        with pytest.raises(TooManyTries) as refused:
            fill(account=A, address=ELSEWHERE, times=1, at=NOW + dt.timedelta(minutes=5))
        assert refused.value.wait == LIMIT.window - dt.timedelta(minutes=5)
        fill(account=B, address=OFFICE, times=1)


@pytest.mark.django_db
def test_an_address_that_had_its_fill_waits_whoever_is_tried() -> None:
    with acting_as(SIGN_IN):
        for number in range(LIMIT.per_address):
            fill(account=f"{number:064}", address=OFFICE, times=1)
        with pytest.raises(TooManyTries):
            fill(account=A, address=OFFICE, times=1)
        fill(account=A, address=ELSEWHERE, times=1)


@pytest.mark.django_db
def test_waiting_ends_when_the_window_does_and_not_before() -> None:
    with acting_as(SIGN_IN):
        fill(account=A, address=OFFICE, times=LIMIT.per_account)
        just_before, then = NOW + LIMIT.window - dt.timedelta(seconds=1), NOW + LIMIT.window
        with pytest.raises(TooManyTries):
            fill(account=A, address=OFFICE, times=1, at=just_before)
        fill(account=A, address=OFFICE, times=1, at=then)


@pytest.mark.django_db
def test_a_right_try_counts_against_nobody_and_clears_its_account() -> None:
    with acting_as(SIGN_IN):
        fill(account=A, address=OFFICE, times=3)
        taken = take_try(guess=Guess.PASSWORD, account=A, address=OFFICE, now=NOW)
        take_back(taken=taken, account=A)
        left = sorted(Try.objects.values_list("of_sha256", flat=True))
    assert left == [OFFICE] * 3, "what the address had wrong stays wrong"


@pytest.mark.django_db
def test_the_last_try_before_waiting_says_so() -> None:
    with acting_as(SIGN_IN):
        fill(account=A, address=OFFICE, times=LIMIT.per_account - 2)
        said = [take_try(guess=Guess.PASSWORD, account=A, address=OFFICE, now=NOW).is_last for _ in range(2)]
    assert said == [False, True]


@pytest.mark.django_db
def test_nothing_of_a_guesser_outlives_the_window() -> None:
    with acting_as(SIGN_IN):
        fill(account=A, address=OFFICE, times=2)
        assert forget_old_tries(now=NOW + LIMIT.window) == 0
        assert forget_old_tries(now=NOW + LIMIT.window + dt.timedelta(seconds=1)) == 4
        assert not Try.objects.exists()


def test_a_guesser_is_kept_as_a_keyed_hash_that_differs_by_what_is_guessed() -> None:
    def of(key: str, guess: Guess, kind: str) -> str:
        return hash_of_guesser(key=key, guess=guess, kind=kind, value="192.0.2.7")

    hashes = {
        of("k", Guess.CODE, "address"),
        of("k", Guess.PASSWORD, "address"),
        of("k", Guess.CODE, "account"),
        of("other", Guess.CODE, "address"),
    }
    assert len(hashes) == 4
    assert {len(one) for one in hashes} == {64}


@pytest.mark.parametrize(
    ("peer", "forwarded", "address"),
    [
        ("192.0.2.7", "", "192.0.2.7"),
        ("192.0.2.7", "198.51.100.1", "192.0.2.7"),  # not our proxy: what it says is not believed
        ("10.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("10.0.0.1", "203.0.113.9, 198.51.100.1, 10.0.0.2", "198.51.100.1"),  # the first was made up by the browser
        ("10.0.0.1", "", "10.0.0.1"),
        ("10.0.0.1", "<script>", "unknown"),
        ("2001:db8:1:2:3:4:5:6", "", "2001:db8:1:2::/64"),
    ],
)
def test_an_address_is_taken_from_our_own_proxies_only(
    settings: object, peer: str, forwarded: str, address: str
) -> None:
    settings.TRUSTED_PROXIES = {"10.0.0.1", "10.0.0.2"}  # type: ignore[attr-defined]
    headers = {"HTTP_X_FORWARDED_FOR": forwarded} if forwarded else {}
    assert address_of(request=RequestFactory().get("/", REMOTE_ADDR=peer, **headers)) == address
