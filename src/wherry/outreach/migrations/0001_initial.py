from __future__ import annotations

import django.db.models.deletion
import uuid
from django.db import migrations, models

from wherry.database.operations import (
    BY_AUDIENCE,
    BY_CLAIM,
    Policy,
    WORKER_ONLY,
    carries_its_case,
    grant,
    row_security,
)

# Jobs are deferred in the transaction that decides them, by whichever site decides.
JOBS_FOR_ALL = """
grant select, insert, update, delete on procrastinate_jobs, procrastinate_events, procrastinate_periodic_defers,
    procrastinate_workers to worker;
grant select, insert on procrastinate_jobs, procrastinate_events to web, web_person;
grant usage on all sequences in schema public to web, web_person, worker;
grant select, insert, update, delete on django_session to web;
grant select on django_migrations, django_content_type to web, web_person, worker;
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("procrastinate", "0041_post_retry_failed_job"),
        ("sessions", "0001_initial"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("cases", "0001_initial"),
        ("people", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="InboundText",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("provider_event", models.TextField(unique=True)),
                ("number", models.TextField()),
                ("text", models.TextField()),
                ("received_at", models.DateTimeField()),
                ("handled_at", models.DateTimeField(null=True)),
                ("outcome", models.TextField(blank=True)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Receipt",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("provider_event", models.TextField(unique=True)),
                ("reference", models.TextField()),
                ("event", models.TextField()),
                ("received_at", models.DateTimeField()),
                ("applied_at", models.DateTimeField(null=True)),
                ("outcome", models.TextField(blank=True)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Attempt",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("version", models.PositiveIntegerField(default=1)),
                ("audience_id", models.UUIDField()),
                ("step", models.TextField()),
                ("authorisation", models.PositiveSmallIntegerField(default=1)),
                ("authorised_by", models.TextField(blank=True)),
                ("channel", models.TextField()),
                ("to_hash", models.CharField(blank=True, max_length=64)),
                ("household_key", models.TextField(blank=True)),
                ("message", models.TextField()),
                ("language", models.TextField()),
                ("reference", models.UUIDField(unique=True)),
                ("state", models.TextField()),
                ("why", models.TextField(blank=True)),
                ("intended_at", models.DateTimeField()),
                ("attempted_at", models.DateTimeField(null=True)),
                ("quarantined_until", models.DateTimeField(null=True)),
                ("held_until", models.DateTimeField(null=True)),
                ("provider_id", models.TextField(blank=True)),
                (
                    "case",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.case"),
                ),
                (
                    "contact_point",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="people.contactpointrow",
                    ),
                ),
                (
                    "occurrence",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.occurrence"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="AttemptEvent",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("audience_id", models.UUIDField()),
                ("from_state", models.TextField(blank=True)),
                ("to_state", models.TextField()),
                ("at", models.DateTimeField()),
                ("why", models.TextField(blank=True)),
                (
                    "attempt",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="events", to="outreach.attempt"
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
            name="SendingPause",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("why", models.TextField()),
                ("paused_by", models.TextField()),
                ("paused_at", models.DateTimeField()),
                ("resumed_by", models.TextField(blank=True)),
                ("resumed_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("resumed_at__isnull", True), ("resumed_by", "")),
                            models.Q(("resumed_at__isnull", False), models.Q(("resumed_by", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="outreach_pause_resumed_by_somebody",
                    )
                ],
            },
        ),
        migrations.AddIndex(
            model_name="attempt",
            index=models.Index(fields=["state", "quarantined_until"], name="outreach_attempt_waiting"),
        ),
        migrations.AddIndex(
            model_name="attempt",
            index=models.Index(fields=["case", "occurrence", "intended_at"], name="outreach_attempt_history"),
        ),
        migrations.AddIndex(
            model_name="attempt",
            index=models.Index(fields=["to_hash", "attempted_at"], name="outreach_attempt_to"),
        ),
        migrations.AddConstraint(
            model_name="attempt",
            constraint=models.UniqueConstraint(
                fields=("case", "occurrence", "step", "authorisation"), name="outreach_attempt_once_per_step"
            ),
        ),
        migrations.AddConstraint(
            model_name="attempt",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("authorisation", 1), models.Q(("authorised_by", ""), _negated=True), _connector="OR"
                ),
                name="outreach_attempt_resend_authorised",
            ),
        ),
        migrations.AddConstraint(
            model_name="attempt",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["handing_off", "in_doubt"]), _negated=True),
                    ("quarantined_until__isnull", False),
                    _connector="OR",
                ),
                name="outreach_attempt_doubt_has_quarantine",
            ),
        ),
        carries_its_case("outreach_attempt"),
        row_security(
            "outreach_attempt",
            [
                Policy("audience", BY_AUDIENCE),
                Policy("claimed", BY_CLAIM, command="select"),
            ],
        ),
        carries_its_case("outreach_attemptevent"),
        row_security(
            "outreach_attemptevent",
            [
                Policy("audience", BY_AUDIENCE),
                Policy("claimed", BY_CLAIM, command="select"),
            ],
        ),
        row_security(
            "outreach_receipt",
            [
                Policy("gateway_leaves_it", "(select app_kind()) = 'gateway'", command="insert"),
                Policy("worker", WORKER_ONLY),
            ],
        ),
        row_security(
            "outreach_inboundtext",
            [
                Policy("gateway_leaves_it", "(select app_kind()) = 'gateway'", command="insert"),
                Policy("worker", WORKER_ONLY),
                Policy("claimed", "id = any((select app_claimed_subjects())::uuid[])", command="select"),
            ],
        ),
        grant("outreach_attempt", web="select", worker="select, insert, update"),
        grant("outreach_attemptevent", web="select", worker="select, insert"),
        grant("outreach_receipt", web_person="insert", worker="select, insert, update"),
        grant("outreach_inboundtext", web="select", web_person="insert", worker="select, insert, update"),
        grant("outreach_sendingpause", web="select, insert, update", worker="select, insert, update"),
        migrations.RunSQL(JOBS_FOR_ALL, migrations.RunSQL.noop),
    ]
