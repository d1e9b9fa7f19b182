from __future__ import annotations

import django.db.models.deletion
import uuid
from django.db import migrations, models

from wherry.database.operations import (
    BY_AUDIENCE,
    BY_CLAIM,
    BY_PROVEN_LINK,
    Policy,
    WORKER_ONLY,
    carries_its_case,
    grant,
    row_security,
)

# A partner sees the calls to action offered to it, while its agreement to deliver lives, and nothing else.
PARTNER = (
    "partner_id = any((select app_organisations())::uuid[])"
    " and audience_id = any((select app_delivering_audiences())::uuid[])"
)
# A partner speaks for its own services and for nobody else's.
OWN = "partner_id = any((select app_organisations())::uuid[]) and (select app_purpose()) = 'delivery'"


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("cases", "0001_initial"),
        ("organisations", "0001_initial"),
        ("triage", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="CallToAction",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("version", models.PositiveIntegerField(default=1)),
                ("audience_id", models.UUIDField()),
                ("service", models.TextField()),
                ("kind", models.TextField(blank=True)),
                ("area", models.TextField(blank=True)),
                ("shared", models.JSONField()),
                ("urgency", models.TextField()),
                ("state", models.TextField(default="offered")),
                ("offered_at", models.DateTimeField()),
                ("clock_ends_at", models.DateTimeField()),
                ("told_anew_at", models.DateTimeField(null=True)),
                ("accepted_at", models.DateTimeField(null=True)),
                ("decline_reason", models.TextField(blank=True)),
                ("outcome", models.TextField(blank=True)),
                ("done_at", models.DateTimeField(null=True)),
                ("asked_person_at", models.DateTimeField(null=True)),
                ("person_says", models.TextField(blank=True)),
                ("closed_at", models.DateTimeField(null=True)),
                (
                    "case",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.case"),
                ),
                (
                    "need",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="triage.need"),
                ),
                (
                    "partner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisations.organisation"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="CallToActionEvent",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("audience_id", models.UUIDField()),
                ("at", models.DateTimeField()),
                ("by", models.TextField()),
                ("from_state", models.TextField(blank=True)),
                ("to_state", models.TextField()),
                ("why", models.TextField(blank=True)),
                (
                    "call_to_action",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="events", to="referrals.calltoaction"
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.case"),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Capacity",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("service", models.TextField()),
                ("said_at", models.DateTimeField()),
                ("by", models.TextField()),
                ("day", models.DateField()),
                ("takes", models.PositiveIntegerField(null=True)),
                ("closed_until", models.DateField(null=True)),
                (
                    "partner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisations.organisation"
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="capacity",
            index=models.Index(fields=["service", "-said_at"], name="referrals_capacity_newest"),
        ),
        migrations.AddConstraint(
            model_name="capacity",
            constraint=models.CheckConstraint(
                condition=models.Q(("takes__isnull", True), ("closed_until__isnull", True), _connector="OR"),
                name="referrals_capacity_one_thing",
            ),
        ),
        migrations.AddIndex(
            model_name="calltoaction",
            index=models.Index(fields=["partner", "state", "clock_ends_at"], name="referrals_inbox"),
        ),
        migrations.AddConstraint(
            model_name="calltoaction",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["offered", "accepted", "done"])),
                fields=("need",),
                name="referrals_call_to_action_one_live_per_need",
            ),
        ),
        migrations.AddConstraint(
            model_name="calltoaction",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "declined"), _negated=True),
                    models.Q(("decline_reason", ""), _negated=True),
                    _connector="OR",
                ),
                name="referrals_call_to_action_declined_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="calltoaction",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["done", "confirmed", "disputed"]), _negated=True),
                    models.Q(("done_at__isnull", False), models.Q(("outcome", ""), _negated=True)),
                    _connector="OR",
                ),
                name="referrals_call_to_action_done_with_outcome",
            ),
        ),
        carries_its_case("referrals_calltoaction"),
        row_security(
            "referrals_calltoaction",
            [
                Policy("audience", BY_AUDIENCE),
                Policy("claimed", BY_CLAIM),
                Policy("partner", PARTNER),
                Policy("proven", BY_PROVEN_LINK, command="select"),
            ],
        ),
        carries_its_case("referrals_calltoactionevent"),
        row_security(
            "referrals_calltoactionevent",
            [
                Policy("audience", BY_AUDIENCE),
                Policy("claimed", BY_CLAIM),
                Policy("partner", "call_to_action_id in (select id from referrals_calltoaction)"),
            ],
        ),
        row_security("referrals_capacity", [Policy("partner_or_worker", f"{OWN} or {WORKER_ONLY}")]),
        grant("referrals_capacity", web="select, insert", worker="select, insert"),
        grant(
            "referrals_calltoaction",
            web="select, insert, update",
            web_person="select (id, case_id, need_id, service, state, offered_at)",
            worker="select, insert, update",
        ),
        grant("referrals_calltoactionevent", web="select, insert", worker="select, insert"),
    ]
