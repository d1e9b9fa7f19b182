"""How alike two names are: typing slips, initials, short forms. Names come folded: small letters a-z only."""

from __future__ import annotations

import functools
import re

_DOUBLED = re.compile(r"(.)\1+")
# Forms and spellings of one given name that share too few letters for a similarity to see: the commonest in England.
_FORMS = (
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
    {"thomas", "tom", "tommy"},
    {"susan", "sue", "susie", "suzanne"},
    {"stephen", "steven", "steve", "stevie"},
    {"nicholas", "nick", "nicky", "nicolas"},
    {"david", "dave", "davey"},
    {"geoffrey", "jeffrey", "geoff", "jeff"},
    {"frederick", "fred", "freddie", "freddy"},
    {"lawrence", "larry", "laurence"},
    {"gerald", "gerry", "jerry"},
    {"terence", "terry", "terrence"},
    {"deborah", "debbie", "debra"},
    {"jacqueline", "jackie", "jacqui"},
    {"rebecca", "becky", "becca"},
    {"victoria", "vicky", "vikki", "tori"},
    {"theresa", "teresa", "tess", "tessa"},
    {"jennifer", "jenny", "jen"},
    {"barbara", "babs", "barb"},
    {"christine", "chris", "tina", "chrissie"},
    {"muhammad", "mohammed", "mohammad", "mohamed", "muhammed", "mohamad", "mohd"},
    {"ahmed", "ahmad", "ahmet"},
    {"hussain", "husain", "hussein", "hossain", "husayn"},
    {"yusuf", "yousef", "yousuf", "youssef", "yusef", "joseph"},
    {"ibrahim", "ebrahim", "abraham"},
    {"fatima", "fatema", "fatimah", "fatma"},
    {"aisha", "ayesha", "aysha"},
    {"aleksandr", "alexander", "oleksandr", "aleksander", "alexandru", "aleksandras"},
    {"sergei", "sergey", "serhii", "sergiy"},
    {"dmitri", "dmitry", "dmytro"},
    {"mykola", "nikolai", "nikolay"},
    {"volodymyr", "vladimir"},
    {"yevhen", "evgeny", "yevgeny", "eugene"},
    {"natalia", "natalya", "nataliia", "natasha"},
    {"katarzyna", "kasia", "katherine"},
    {"malgorzata", "gosia", "margaret"},
    {"agnieszka", "aga", "agnes"},
    {"krzysztof", "krzys", "christopher"},
    {"jan", "john"},
    {"jonas", "john"},
    {"pawel", "paul"},
    {"piotr", "peter"},
)


@functools.lru_cache(maxsize=100_000)
def are_close(*, left: str, right: str, least: float) -> bool:
    """
    Say whether two folded given names may be one: equal, an initial, a shortening, another form, or a slip.

    Letters changed about or doubled are a slip whatever `least` is: hardly two names are so alike.
    """
    if left == right:
        return True
    short, long = sorted((left, right), key=len)
    if not short:
        return False
    if long.startswith(short) and (len(short) == 1 or len(short) >= 3):
        return True
    if any({left, right} <= forms for forms in _FORMS) or is_slip_of_the_hand(left=left, right=right):
        return True
    return likeness(left, right) >= least


def is_slip_of_the_hand(*, left: str, right: str) -> bool:
    """Say whether two words differ only by two neighbouring letters changed about or by letters doubled."""
    if _DOUBLED.sub(r"\1", left) == _DOUBLED.sub(r"\1", right):
        return True
    wrong = [place for place, (one, other) in enumerate(zip(left, right, strict=False)) if one != other]
    if len(left) != len(right) or len(left) < 4 or len(wrong) != 2 or wrong[1] != wrong[0] + 1:
        return False
    return left[wrong[0]] == right[wrong[1]] and left[wrong[1]] == right[wrong[0]]


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
