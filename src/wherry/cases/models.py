from __future__ import annotations

from django.db import models
from django.db.models import Q

from wherry.cases.types import Door, State
from wherry.database.records import Record, VersionedRecord
from wherry.governance.models import Audience
from wherry.organisations.models import Organisation, Team
from wherry.people.models import Person
from wherry.sign_off.models import ProgrammeVersion

_STATES = [(state.value, state.value) for state in State]


class Case(VersionedRecord):
    """One person in one programme. Everything downstream carries it."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    programme = models.TextField()
    place = models.TextField()
    audience = models.ForeignKey(Audience, on_delete=models.PROTECT, related_name="+")
    lead_organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    category = models.TextField()
    tier = models.PositiveSmallIntegerField()
    door = models.TextField(choices=[(door.value, door.value) for door in Door])
    opened_from = models.UUIDField(null=True)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    state = models.TextField(choices=_STATES, default=State.IN_CADENCE)
    state_reason = models.TextField(blank=True)
    owner_team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+")
    # Where they stand in a staged release; 0 for whoever came by themselves and waits for no stage.
    release_rank = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "programme"], condition=Q(closed_at__isnull=True), name="cases_case_one_open"
            ),
            models.UniqueConstraint(fields=["id", "audience"], name="cases_case_id_and_audience"),
            models.CheckConstraint(
                condition=~Q(state=State.EXCLUDED) | ~Q(state_reason=""), name="cases_case_excluded_with_reason"
            ),
        ]
        indexes = [models.Index(fields=["audience", "state"], name="cases_case_audience_state")]


class AboutACase(models.Model):
    """What every row downstream of a case has. The audience follows the case's, by a cascading key."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    audience_id = models.UUIDField()

    class Meta:
        abstract = True


class Occurrence(VersionedRecord, AboutACase):
    """One check-in falling due for one case, and what became of it."""

    number = models.PositiveIntegerField()
    # What is asked, sent and decided in this check-in is of one version from beginning to end.
    programme_version = models.ForeignKey(ProgrammeVersion, null=True, on_delete=models.PROTECT, related_name="+")
    # A newer version that decides beside it, after an urgent change in the midst of it; the worse outcome counts.
    also_decided_by = models.ForeignKey(ProgrammeVersion, null=True, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    # When there is something to decide again. A hint that spares work, never the reason somebody is due.
    look_again_at = models.DateTimeField()
    state = models.TextField(choices=_STATES, default=State.IN_CADENCE)
    state_reason = models.TextField(blank=True)
    owner_team = models.ForeignKey(Team, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "number"], name="cases_occurrence_once"),
            models.CheckConstraint(
                condition=~Q(state=State.EXHAUSTED) | Q(owner_team__isnull=False),
                name="cases_occurrence_exhausted_with_owner",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.EXCLUDED) | ~Q(state_reason=""), name="cases_occurrence_excluded_with_reason"
            ),
        ]
        indexes = [
            models.Index(
                fields=["look_again_at"], condition=Q(state=State.IN_CADENCE), name="cases_occurrence_to_look_at"
            ),
            models.Index(fields=["audience_id", "state"], name="cases_occurrence_state"),
        ]


class StateChange(Record, AboutACase):
    """One move of an occurrence: from, to, who, when, why. Never overwritten."""

    occurrence = models.ForeignKey(Occurrence, on_delete=models.PROTECT, related_name="+")
    from_state = models.TextField()
    to_state = models.TextField()
    why = models.TextField()
    by = models.TextField()
    at = models.DateTimeField()
