"""The staff sites, and which of them somebody's roles open."""

from __future__ import annotations

from dataclasses import dataclass

from wherry.organisations.sign_ins import Held, Present
from wherry.organisations.types import PURPOSE_OF_ROLE, Purpose, Role

#: What somebody is, as one would say it of them.
ROLE_WORDS = {
    Role.CALLER: "a caller",
    Role.SUPERVISOR: "a supervisor",
    Role.CLINICIAN: "a clinician",
    Role.PARTNER: "a member of staff",
    Role.PROGRAMME_LEAD: "a programme lead",
    Role.ANALYST: "an analyst",
    Role.INFORMATION_GOVERNANCE: "an information-governance lead",
    Role.CLINICAL_SAFETY: "a clinical safety officer",
}


@dataclass(frozen=True)
class Site:
    """One staff site. purposes: what it serves, its own first; what: what is done there, in a sentence."""

    name: str
    address: str
    what: str
    purposes: tuple[Purpose, ...]

    def held(self, memberships: list[Held]) -> list[Held]:
        """List the memberships that open it."""
        return [one for one in memberships if PURPOSE_OF_ROLE[one.role] in self.purposes]


SITES = (
    Site(
        "Support team",
        "/support/",
        "Ring people, write down what they say, see that help follows.",
        # Clinicians take the red flags that climb to them on the support team's pages.
        (Purpose.SUPPORT, Purpose.CARE),
    ),
    Site("Clinicians", "/clinicians/", "Look at the list and its reasons, add, remove, sign.", (Purpose.CARE,)),
    Site("Partners", "/partners/", "Take or decline what your organisation is asked to do.", (Purpose.DELIVERY,)),
    Site("Programme office", "/office/", "See how far people have come, and what was decided.", (Purpose.OVERSIGHT,)),
)


def sites_of(at_work: Present) -> list[Site]:
    """List the sites the roles somebody acts by open now."""
    return [one for one in SITES if one.held(at_work.roles)]
