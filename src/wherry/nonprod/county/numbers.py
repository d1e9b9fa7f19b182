"""
Numbers nobody has, from ranges wide enough that 200,000 people never share one by accident.

NHS numbers begin with 999, a range kept for tests: six digits are free and one in eleven has no check digit, which
leaves some 909,000. Mobiles: the thousand Ofcom keeps for drama (07700 900000-900999) go first; a bigger county goes
on to 07100 000000-999999, which the national plan sets aside for mobiles and, as far as we know, gives to no network.
Landlines: 01632 is an area without an exchange, and drama's thousand (960000-960999) goes first. Properties are
numbered from 99900000000. E-mail addresses end in example.org. Nothing synthetic leaves the sandbox all the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from wherry.foundation.identifiers import nhs_number_check_digit

_DRAMA = 1_000


def nhs_numbers() -> Iterator[str]:
    """Give every number of the 999 range once, check digits right."""
    for position in range(1_000_000):
        # Steps of a prime, so that neighbours in the county do not have neighbouring numbers.
        first = f"999{(position * 7919 + 13) % 1_000_000:06d}"
        check = nhs_number_check_digit(first)
        if check < 10:
            yield f"{first}{check}"


def mobile(position: int) -> str:
    """Give the nth invented mobile number, below 1,001,000."""
    if position < _DRAMA:
        return f"07700 {900_000 + position:06d}"
    return f"07100 {(position - _DRAMA) * 77_773 % 1_000_000:06d}"


def landline(position: int) -> str:
    """Give the nth invented landline, below 701,000."""
    if position < _DRAMA:
        return f"01632 {960_000 + position:06d}"
    return f"01632 {200_000 + (position - _DRAMA) * 7_919 % 700_000:06d}"


def uprn(position: int) -> str:
    """Give the nth invented property reference number: eleven digits."""
    return str(99_900_000_000 + position * 37)


def mistyped(number: str, random: Random) -> str:
    """Change one digit so that the check digit is wrong, as a slip of the keyboard does."""
    place = random.randrange(3, 9)
    return number[:place] + str((int(number[place]) + 1) % 10) + number[place + 1 :]
