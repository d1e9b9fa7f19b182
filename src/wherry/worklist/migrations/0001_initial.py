from __future__ import annotations

import django.db.models.deletion
import uuid
from django.db import migrations, models

from wherry.database.operations import (
    BY_AUDIENCE,
    BY_CLAIM,
    WORKER_ONLY,
    Policy,
    carries_its_case,
    grant,
    row_security,
    sql_file,
)

# Callers see that work waits, not whose: the task holds no identity, and the case stays hidden until it is claimed.
WORKING = "audience_id = any((select app_working_audiences())::uuid[])"


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("cases", "0001_initial"),
        ("organisations", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Task",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("version", models.PositiveIntegerField(default=1)),
                ("audience_id", models.UUIDField()),
                ("kind", models.TextField()),
                ("about_id", models.UUIDField()),
                ("priority", models.IntegerField()),
                ("opened_at", models.DateTimeField()),
                ("not_before", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("state", models.TextField(default="open")),
                ("claimed_by", models.TextField(blank=True)),
                ("leased_until", models.DateTimeField(null=True)),
                ("done_at", models.DateTimeField(null=True)),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("hops", models.PositiveSmallIntegerField(default=0)),
                ("for_role", models.TextField(blank=True)),
                ("household_key", models.TextField(blank=True)),
                ("kept_for", models.TextField(blank=True)),
                ("kept_until", models.DateTimeField(null=True)),
                (
                    "case",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.case"),
                ),
                (
                    "team",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisations.team"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="TaskEvent",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("audience_id", models.UUIDField()),
                ("at", models.DateTimeField()),
                ("by", models.TextField()),
                ("verb", models.TextField()),
                ("outcome", models.TextField(blank=True)),
                ("note", models.TextField(blank=True)),
                ("at_version", models.PositiveIntegerField()),
                ("was", models.JSONField(default=dict)),
                (
                    "case",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.case"),
                ),
                (
                    "task",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="events", to="worklist.task"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="CallDraft",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("version", models.PositiveIntegerField(default=1)),
                ("audience_id", models.UUIDField()),
                ("answers", models.JSONField(default=dict)),
                ("saved_at", models.DateTimeField()),
                ("saved_by", models.TextField()),
                (
                    "case",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.case"),
                ),
                (
                    "task",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="draft", to="worklist.task"
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddIndex(
            model_name="taskevent",
            index=models.Index(fields=["by", "at"], name="worklist_taskevent_of_whom"),
        ),
        migrations.AddIndex(
            model_name="task",
            index=models.Index(
                condition=models.Q(("kept_for", ""), _negated=True), fields=["kept_for"], name="worklist_task_kept"
            ),
        ),
        migrations.AddConstraint(
            model_name="task",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kept_for", ""), ("kept_until__isnull", True)),
                    models.Q(models.Q(("kept_for", ""), _negated=True), ("kept_until__isnull", False)),
                    _connector="OR",
                ),
                name="worklist_task_kept_for_a_while",
            ),
        ),
        migrations.AddIndex(
            model_name="task",
            index=models.Index(
                condition=models.Q(("state__in", ["open", "claimed"])),
                fields=["team", "priority", "due_at", "id"],
                name="worklist_task_next",
            ),
        ),
        migrations.AddIndex(
            model_name="task",
            index=models.Index(fields=["claimed_by", "state", "done_at"], name="worklist_task_claimed"),
        ),
        migrations.AddIndex(
            model_name="task",
            index=models.Index(fields=["case", "state"], name="worklist_task_of_case"),
        ),
        migrations.AddConstraint(
            model_name="task",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["open", "claimed"])),
                fields=("case", "kind", "about_id"),
                name="worklist_task_once_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="task",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("leased_until__isnull", False),
                        ("state", "claimed"),
                        models.Q(("claimed_by", ""), _negated=True),
                    ),
                    models.Q(("state", "claimed"), _negated=True),
                    _connector="OR",
                ),
                name="worklist_task_claimed_with_lease",
            ),
        ),
        migrations.AddConstraint(
            model_name="task",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["open", "claimed", "done", "cancelled"])), name="worklist_task_state"
            ),
        ),
        migrations.AddConstraint(
            model_name="task",
            constraint=models.CheckConstraint(
                condition=models.Q(("due_at__gte", models.F("opened_at"))), name="worklist_task_due_after_opening"
            ),
        ),
        carries_its_case("worklist_task"),
        row_security(
            "worklist_task",
            [
                Policy("working", WORKING),
                Policy("overseen", BY_AUDIENCE, command="select"),
            ],
        ),
        carries_its_case("worklist_taskevent"),
        row_security("worklist_taskevent", [Policy("working", WORKING)]),
        carries_its_case("worklist_calldraft"),
        row_security(
            "worklist_calldraft",
            [Policy("claimed", BY_CLAIM), Policy("worker", f"{WORKER_ONLY} and {WORKING}")],
        ),
        sql_file(__file__, "ringing_in"),
        grant("worklist_task", web="select, insert, update", worker="select, insert, update"),
        grant("worklist_taskevent", web="select, insert", worker="select, insert"),
        grant("worklist_calldraft", web="select, insert, update, delete", worker="select, delete"),
    ]
