"""
What every address answers to whom: written by hand from what each site promises, never from what the code does.

A route that is not here fails the test, and so does a row for a route that is gone. What an address names (`about`)
is of the asker's own organisation here; for another's, and for what does not exist, the answer is `FOREIGN`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

CALLERS = ("caller", "supervisor")
CLINICIANS = ("clinician",)
# A red flag climbs to clinicians: they take calls too.
TAKE_CALLS = (*CALLERS, *CLINICIANS)
PARTNERS = ("partner",)
OVERSEERS = ("programme_lead", "analyst", "information_governance", "clinical_safety")
ANALYSTS = ("analyst",)
DECIDERS = ("programme_lead", "information_governance", "clinical_safety")
#: Who lets a colleague start anew with a password for once.
GIVERS = ("supervisor", "programme_lead")
ROLES = (*CALLERS, *CLINICIANS, *PARTNERS, *OVERSEERS)
LEADS = ("programme_lead",)
WRITERS = ("clinician", "programme_lead")
#: Another organisation's thing, a colleague's call, and nothing at all are one answer.
FOREIGN = 404
NOT_YOURS = 403
TO_SIGN_IN = 302


@dataclass(frozen=True)
class Answers:
    """To whom a method answers what; roles not named get `otherwise`, somebody not signed in gets `nobody`."""

    by_role: Mapping[str, int] = field(default_factory=dict)
    otherwise: int = NOT_YOURS
    nobody: int = TO_SIGN_IN

    def to(self, who: str) -> int:
        """Give the status for a role, or for `nobody`."""
        return self.nobody if who == "nobody" else self.by_role.get(who, self.otherwise)


@dataclass(frozen=True)
class Route:
    """A route's answers. about: what its address names, empty where it names nothing of anybody's."""

    get: Answers
    post: Answers
    about: str = ""


def only(roles: tuple[str, ...], status: int = 200) -> Answers:
    """Answer these roles so, refuse every other."""
    return Answers(dict.fromkeys(roles, status))


def everybody(status: int) -> Answers:
    """Answer all alike, signed in or not."""
    return Answers(otherwise=status, nobody=status)


NO_SUCH_METHOD = everybody(405)

STAFF: dict[str, Route] = {
    # Whoever has one site goes straight there; clinicians have two.
    "home": Route(Answers({"clinician": 200}, otherwise=302), NO_SUCH_METHOD),
    "sign_in": Route(everybody(200), everybody(200)),
    # Only for somebody whose password was right a moment ago; everybody else begins at the beginning.
    "sign_in_code": Route(everybody(302), everybody(302)),
    "sign_in_recovery": Route(everybody(302), everybody(302)),
    "sign_in_set_up": Route(everybody(302), everybody(302)),
    "sign_in_new_password": Route(everybody(302), everybody(302)),
    "sign_in_working_for": Route(Answers(otherwise=200), Answers(otherwise=200)),
    "sign_in_account": Route(Answers(otherwise=200), NO_SUCH_METHOD),
    "sign_in_password": Route(Answers(otherwise=200), Answers(otherwise=200)),
    "sign_in_renew_codes": Route(NO_SUCH_METHOD, Answers(otherwise=200)),
    "sign_in_elsewhere": Route(NO_SUCH_METHOD, Answers(otherwise=302)),
    "sign_in_people": Route(only(GIVERS), NO_SUCH_METHOD),
    "sign_in_reset": Route(only(GIVERS), only(GIVERS), about="caller"),
    "sign_out": Route(NO_SUCH_METHOD, everybody(302)),
    "support_today": Route(only(TAKE_CALLS), NO_SUCH_METHOD),
    "support_next": Route(NO_SUCH_METHOD, only(TAKE_CALLS, 302)),
    "support_task": Route(only(TAKE_CALLS), NO_SUCH_METHOD, about="check_in_call"),
    "support_after": Route(only(TAKE_CALLS), NO_SUCH_METHOD, about="finished"),
    "support_answers": Route(NO_SUCH_METHOD, only(TAKE_CALLS, 302), about="check_in_call"),
    "support_outcome": Route(NO_SUCH_METHOD, only(TAKE_CALLS, 302), about="check_in_call"),
    "support_stop": Route(NO_SUCH_METHOD, only(TAKE_CALLS, 302), about="check_in_call"),
    "support_helped": Route(NO_SUCH_METHOD, only(TAKE_CALLS, 302), about="did_it_help"),
    "support_found": Route(NO_SUCH_METHOD, only(TAKE_CALLS, 302), about="need"),
    "support_settled": Route(NO_SUCH_METHOD, only(TAKE_CALLS, 302), about="red_flag"),
    "support_read": Route(NO_SUCH_METHOD, only(TAKE_CALLS, 302), about="read_words"),
    "support_verified": Route(NO_SUCH_METHOD, only(TAKE_CALLS, 302), about="verify_identity"),
    "support_take": Route(NO_SUCH_METHOD, only(TAKE_CALLS, 302), about="team_task"),
    "support_draft": Route(NO_SUCH_METHOD, only(TAKE_CALLS, 302), about="check_in_call"),
    "support_later": Route(NO_SUCH_METHOD, only(TAKE_CALLS, 302), about="check_in_call"),
    "support_over": Route(NO_SUCH_METHOD, only(TAKE_CALLS, 302), about="check_in_call"),
    # There is nothing of one's own to take back while a call is held: the same answer as for another's.
    "support_undo": Route(NO_SUCH_METHOD, only(TAKE_CALLS, 404), about="check_in_call"),
    "support_ringing_in": Route(only(TAKE_CALLS), only(TAKE_CALLS)),
    "support_team": Route(only(("supervisor",)), NO_SUCH_METHOD),
    "support_stuck": Route(only(("supervisor",)), only(("supervisor",), 302), about="team_task"),
    "support_back": Route(NO_SUCH_METHOD, only(TAKE_CALLS, 302), about="check_in_call"),
    "clinicians_lists": Route(only(CLINICIANS), NO_SUCH_METHOD),
    "clinicians_list": Route(only(CLINICIANS), NO_SUCH_METHOD, about="list"),
    "clinicians_together": Route(NO_SUCH_METHOD, only(CLINICIANS, 302), about="list"),
    "clinicians_practices": Route(only(CLINICIANS), NO_SUCH_METHOD, about="list"),
    "clinicians_add": Route(only(CLINICIANS), only(CLINICIANS, 200), about="list"),
    "clinicians_sign": Route(only(CLINICIANS), only(CLINICIANS, 302), about="list"),
    "clinicians_entry": Route(only(CLINICIANS), only(CLINICIANS, 302), about="entry"),
    "partners_inbox": Route(only(PARTNERS), NO_SUCH_METHOD),
    "partners_capacity": Route(only(PARTNERS), only(PARTNERS, FOREIGN)),  # these charities have no service
    "partners_demand": Route(only(PARTNERS), NO_SUCH_METHOD),
    "partners_call": Route(only(PARTNERS), only(PARTNERS, 302), about="call"),
    "office_funnel": Route(only(OVERSEERS), NO_SUCH_METHOD, about="programme"),
    "office_feeds": Route(only(OVERSEERS), NO_SUCH_METHOD, about="programme"),
    # An address that names no pair, person or separation leads back to the queue.
    "office_links": Route(only(ANALYSTS), only(ANALYSTS), about="programme"),
    "office_link_pair": Route(only(ANALYSTS, 302), only(ANALYSTS, 302), about="programme"),
    "office_person_links": Route(only(ANALYSTS, 302), only(ANALYSTS, 302), about="programme"),
    "office_separation": Route(only(ANALYSTS, 302), only(ANALYSTS, 302), about="programme"),
    "office_changes": Route(only(OVERSEERS), NO_SUCH_METHOD, about="programme"),
    "office_huddle": Route(only(OVERSEERS), NO_SUCH_METHOD, about="programme"),
    "office_access": Route(only(("information_governance",)), NO_SUCH_METHOD, about="programme"),
    "office_stuck": Route(only(OVERSEERS), NO_SUCH_METHOD, about="programme"),
    "office_agreements": Route(only(OVERSEERS), NO_SUCH_METHOD, about="programme"),
    "office_variation": Route(only(OVERSEERS), NO_SUCH_METHOD, about="programme"),
    "office_decisions": Route(only(DECIDERS), only(DECIDERS, 302), about="programme"),
    "office_sending": Route(only(OVERSEERS), only(DECIDERS, 302), about="programme"),
    # Whoever takes part in any organisation reads programmes and says what they think of a draft.
    "programmes": Route(only(ROLES), NO_SUCH_METHOD),
    "programmes_version": Route(only(ROLES), only(ROLES, 302), about="version"),
    "programmes_words": Route(only(ROLES), NO_SUCH_METHOD, about="version"),
    "programmes_changed": Route(only(ROLES), NO_SUCH_METHOD, about="version"),
    # A draft cannot be stopped: nothing leaves under it.
    "programmes_live": Route(only(DECIDERS), only(DECIDERS, 409), about="version"),
    # Nor does it end: it never began. Without a reason the page asks for one.
    "programmes_end": Route(only(LEADS), only(LEADS), about="version"),
    "programmes_put_forward": Route(only(WRITERS), only(WRITERS)),
}

#: The person site knows two kinds of visitor: nobody yet, and the resident whose link was recognised.
PERSON: dict[str, Route] = {
    "person_home": Route(everybody(200), everybody(302)),
    "person_code": Route(everybody(200), everybody(302)),
    "person_link": Route(everybody(200), everybody(200), about="token"),
    "person_door_of_link": Route(everybody(200), everybody(302), about="token"),
    "person_start": Route(everybody(302), NO_SUCH_METHOD),
    "person_now": Route(everybody(302), everybody(302)),
    "person_send": Route(Answers({"resident": 200}), Answers({"resident": 302})),
    "person_done": Route(everybody(302), NO_SUCH_METHOD),
    "person_answered": Route(everybody(302), NO_SUCH_METHOD),
    "person_page": Route(Answers({"resident": 200}), Answers({"resident": 302})),
    "person_progress": Route(Answers({"resident": 200}), Answers({"resident": 302})),
    "person_signed_out": Route(everybody(200), NO_SUCH_METHOD),
    "person_help": Route(everybody(302), everybody(302)),
    "person_help_told": Route(everybody(302), NO_SUCH_METHOD),
    "person_door": Route(everybody(200), Answers({"resident": 302}, nobody=200)),
    "person_told": Route(everybody(200), NO_SUCH_METHOD),
    "person_verify": Route(everybody(200), NO_SUCH_METHOD),
    "gateway_receipts": Route(NO_SUCH_METHOD, everybody(401)),
    "gateway_texts": Route(NO_SUCH_METHOD, everybody(401)),
}
#: What belongs to no side: there is no other organisation's.
EVERYBODYS = {"version"}
#: Whoever posts here holds a token of their own instead of a form's.
WITHOUT_A_FORM = {"gateway_receipts", "gateway_texts"}
