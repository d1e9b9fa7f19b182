from __future__ import annotations

import django.contrib.postgres.fields
import django.db.models.deletion
import uuid
from django.db import migrations, models

from wherry.database.operations import (
    BY_AUDIENCE,
    BY_CLAIM,
    BY_PROVEN_LINK,
    Policy,
    carries_its_case,
    grant,
    row_security,
    sql_file,
)


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("cases", "0001_initial"),
        ("checkin", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Decision",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("audience_id", models.UUIDField()),
                ("urgency", models.TextField()),
                (
                    "incomplete",
                    django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), default=list, size=None),
                ),
                ("definition_hash", models.TextField()),
                ("decided_at", models.DateTimeField()),
                (
                    "case",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.case"),
                ),
                (
                    "response",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="checkin.response"
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Need",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("version", models.PositiveIntegerField(default=1)),
                ("audience_id", models.UUIDField()),
                ("kind", models.TextField()),
                ("urgency", models.TextField()),
                ("rule", models.TextField()),
                ("words", models.TextField()),
                ("state", models.TextField(default="open")),
                ("why", models.TextField(blank=True)),
                ("help_found", models.TextField(blank=True)),
                (
                    "case",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.case"),
                ),
                (
                    "decision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="needs", to="triage.decision"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["audience_id", "state"], name="triage_need_state_of")],
                "constraints": [
                    models.UniqueConstraint(fields=("decision", "kind"), name="triage_need_once_per_decision"),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["open", "referred", "met", "not_met", "withdrawn"])),
                        name="triage_need_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("help_found", ""), ("state", "met"), _connector="OR"),
                        name="triage_need_found_is_met",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RedFlag",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("version", models.PositiveIntegerField(default=1)),
                ("audience_id", models.UUIDField()),
                ("flag", models.TextField()),
                ("rule", models.TextField()),
                ("say", models.TextField()),
                ("raised_at", models.DateTimeField()),
                ("acknowledged_by", models.TextField(blank=True)),
                ("acknowledged_at", models.DateTimeField(null=True)),
                ("closed_at", models.DateTimeField(null=True)),
                ("closed_by", models.TextField(blank=True)),
                ("outcome", models.TextField(blank=True)),
                ("what_was_done", models.TextField(blank=True)),
                ("note", models.TextField(blank=True)),
                (
                    "case",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.case"),
                ),
                (
                    "occurrence",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.occurrence"
                    ),
                ),
                (
                    "decision",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="red_flags",
                        to="triage.decision",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("occurrence", "flag"), name="triage_red_flag_once_per_check_in"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("acknowledged_at__isnull", True), ("acknowledged_by", "")),
                            models.Q(
                                ("acknowledged_at__isnull", False), models.Q(("acknowledged_by", ""), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="triage_red_flag_acknowledged_by_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_by", ""), ("what_was_done", "")),
                            ("closed_at__isnull", False),
                            _connector="OR",
                        ),
                        name="triage_red_flag_done_is_closed",
                    ),
                ],
            },
        ),
        *[
            operation
            for table in ("triage_decision", "triage_need", "triage_redflag")
            for operation in (
                carries_its_case(table),
                row_security(table, [Policy("audience", BY_AUDIENCE), Policy("claimed", BY_CLAIM)]),
                grant(table, web="select, update", worker="select, insert, update"),
            )
        ],
        # What is being done, for the resident: kinds, states and days. The words of a rule are for staff.
        *[
            migrations.RunSQL(
                f"create policy proven on {table} for select using ({BY_PROVEN_LINK});",
                f"drop policy proven on {table};",
            )
            for table in ("triage_decision", "triage_need")
        ],
        sql_file(__file__, "seen_to"),
        grant("triage_decision", web_person="select (id, case_id, decided_at)"),
        grant("triage_need", web_person="select (id, case_id, decision_id, kind, urgency, state, help_found)"),
    ]
