"""The kinds of organisation, and the roles a member of staff may hold in one."""

from __future__ import annotations

import enum


class OrganisationKind(enum.StrEnum):
    HEALTH_BOARD = "health_board"
    COUNCIL = "council"
    GP_PRACTICE = "gp_practice"
    PHARMACY = "pharmacy"
    CHARITY = "charity"
    EMPLOYER = "employer"


class Role(enum.StrEnum):
    CALLER = "caller"
    SUPERVISOR = "supervisor"
    CLINICIAN = "clinician"
    PARTNER = "partner"
    PROGRAMME_LEAD = "programme_lead"
    ANALYST = "analyst"
    INFORMATION_GOVERNANCE = "information_governance"
    CLINICAL_SAFETY = "clinical_safety"


class Purpose(enum.StrEnum):
    """Why somebody looks. A session has one; an agreement lists those it covers."""

    SUPPORT = "support"
    CARE = "care"
    DELIVERY = "delivery"
    OVERSIGHT = "oversight"


#: The purpose a role works for. Somebody with two roles chooses one at sign-in.
PURPOSE_OF_ROLE = {
    Role.CALLER: Purpose.SUPPORT,
    Role.SUPERVISOR: Purpose.SUPPORT,
    Role.CLINICIAN: Purpose.CARE,
    Role.PARTNER: Purpose.DELIVERY,
    Role.PROGRAMME_LEAD: Purpose.OVERSIGHT,
    Role.ANALYST: Purpose.OVERSIGHT,
    Role.INFORMATION_GOVERNANCE: Purpose.OVERSIGHT,
    Role.CLINICAL_SAFETY: Purpose.OVERSIGHT,
}
