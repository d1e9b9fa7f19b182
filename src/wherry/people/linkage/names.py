"""How alike two names are: typing slips, initials, short forms. Names come folded: small letters a-z only."""

from __future__ import annotations

import functools

# The commonest short forms of English given names that share too few letters for a similarity to see.
_SHORT_FORMS = (
    {"margaret", "peggy", "maggie", "meg", "greta"},
    {"william", "bill", "billy", "will", "liam"},
    {"robert", "bob", "bobby", "rob", "bert"},
    {"richard", "dick", "rick"},
    {"elizabeth", "betty", "liz", "beth", "lizzie", "elsie", "bess"},
    {"katherine", "catherine", "kate", "kathleen", "kitty", "cathy"},
    {"john", "jack", "johnny"},
    {"edward", "ted", "ned", "eddie", "teddy"},
    {"henry", "harry", "hal"},
    {"james", "jim", "jimmy", "jamie"},
    {"mary", "polly", "molly", "may"},
    {"dorothy", "dot", "dolly", "dora"},
    {"sarah", "sally", "sadie"},
    {"charles", "charlie", "chuck"},
    {"anne", "nancy", "annie", "nan"},
    {"francis", "frank"},
    {"alexander", "sandy", "alec", "sasha"},
    {"anthony", "tony"},
    {"eleanor", "nell", "ellie", "nora"},
    {"joseph", "joe"},
    {"michael", "mick", "mike"},
    {"patricia", "pat", "tricia", "paddy"},
)


def are_close(*, left: str, right: str, least: float) -> bool:
    """Say whether two folded given names may be one: equal, an initial, a shortening, a short form, or a slip."""
    if left == right:
        return True
    short, long = sorted((left, right), key=len)
    if not short:
        return False
    if long.startswith(short) and (len(short) == 1 or len(short) >= 3):
        return True
    return any({left, right} <= forms for forms in _SHORT_FORMS) or likeness(left, right) >= least


@functools.lru_cache(maxsize=100_000)
def likeness(left: str, right: str) -> float:
    """Give the Jaro-Winkler similarity, 0 to 1, prefix weight 0.1 over four letters."""
    jaro = _jaro(left, right)
    prefix = 0
    for one, other in zip(left[:4], right[:4], strict=False):
        if one != other:
            break
        prefix += 1
    return jaro + prefix * 0.1 * (1 - jaro)


def _jaro(left: str, right: str) -> float:
    if not left or not right:
        return 0.0
    reach = max(max(len(left), len(right)) // 2 - 1, 0)
    taken = [False] * len(right)
    matched: list[str] = []
    for place, letter in enumerate(left):
        for other in range(max(0, place - reach), min(len(right), place + reach + 1)):
            if not taken[other] and right[other] == letter:
                taken[other] = True
                matched.append(letter)
                break
    if not matched:
        return 0.0
    across = [letter for letter, used in zip(right, taken, strict=True) if used]
    swapped = sum(one != other for one, other in zip(matched, across, strict=True)) / 2
    found = len(matched)
    return (found / len(left) + found / len(right) + (found - swapped) / found) / 3
