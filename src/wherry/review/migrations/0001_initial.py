from __future__ import annotations

import django.contrib.postgres.fields
import django.db.models.deletion
import uuid
import wherry.review.types
from django.db import migrations, models

from wherry.database.operations import (
    BY_AUDIENCE,
    CLINICIANS_ONLY,
    Policy,
    WORKER_ONLY,
    grant,
    row_security,
)


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("governance", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="AtRiskList",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("version", models.PositiveIntegerField(default=1)),
                ("programme", models.TextField()),
                ("place", models.TextField()),
                ("definition_hash", models.TextField()),
                ("run_hash", models.TextField()),
                ("as_of", models.DateField()),
                ("made_at", models.DateTimeField()),
                (
                    "state",
                    models.TextField(
                        choices=[("in_review", "in_review"), ("signed", "signed"), ("superseded", "superseded")],
                        default=wherry.review.types.ListState["IN_REVIEW"],
                    ),
                ),
                ("signed_by", models.TextField(blank=True)),
                ("signed_at", models.DateTimeField(null=True)),
                ("signed_hash", models.TextField(blank=True)),
                ("cases_opened_at", models.DateTimeField(null=True)),
                ("proposed", models.PositiveIntegerField(default=0)),
                ("added", models.PositiveIntegerField(default=0)),
                ("removed", models.PositiveIntegerField(default=0)),
                (
                    "audience",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="governance.audience"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Entry",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("version", models.PositiveIntegerField(default=1)),
                ("audience_id", models.UUIDField()),
                ("population_id", models.TextField()),
                ("given_name", models.TextField(blank=True)),
                ("family_name", models.TextField(blank=True)),
                ("birth_date", models.DateField()),
                ("nhs_number", models.TextField(blank=True)),
                ("practice_code", models.TextField(blank=True)),
                ("category", models.TextField()),
                ("tier", models.PositiveSmallIntegerField()),
                ("score", models.IntegerField(null=True)),
                ("origin", models.TextField(choices=[("stratified", "stratified"), ("added", "added")])),
                (
                    "verdict",
                    models.TextField(
                        choices=[("kept", "kept"), ("removed", "removed")], default=wherry.review.types.Verdict["KEPT"]
                    ),
                ),
                ("verdict_reason", models.TextField(blank=True)),
                ("decided_by", models.TextField(blank=True)),
                ("decided_at", models.DateTimeField(null=True)),
                ("expires_on", models.DateField(null=True)),
                (
                    "missing",
                    django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), default=list, size=None),
                ),
                (
                    "since_last",
                    models.TextField(blank=True, choices=[("new", "new"), ("changed", "changed"), ("same", "same")]),
                ),
                (
                    "asked_again",
                    models.TextField(blank=True, choices=[("expired", "expired"), ("new_evidence", "new_evidence")]),
                ),
                ("earlier", models.TextField(blank=True)),
                (
                    "at_risk_list",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="entries", to="review.atrisklist"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="EntryReason",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("audience_id", models.UUIDField()),
                ("criterion", models.TextField()),
                ("words", models.TextField()),
                ("code", models.TextField(blank=True)),
                ("date", models.DateField(null=True)),
                ("value", models.TextField(blank=True)),
                ("source", models.TextField(blank=True)),
                ("data_as_of", models.DateField(null=True)),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="reasons", to="review.entry"
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Look",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("audience_id", models.UUIDField()),
                ("by", models.TextField()),
                ("at", models.DateTimeField()),
                (
                    "at_risk_list",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="review.atrisklist"
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="look",
            constraint=models.UniqueConstraint(fields=("at_risk_list", "by"), name="review_look_once"),
        ),
        migrations.AddConstraint(
            model_name="atrisklist",
            constraint=models.UniqueConstraint(fields=("audience", "run_hash"), name="review_list_once_per_run"),
        ),
        migrations.AddConstraint(
            model_name="atrisklist",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("signed_at__isnull", True),
                        ("signed_by", ""),
                        ("signed_hash", ""),
                        ("state", wherry.review.types.ListState["IN_REVIEW"]),
                    ),
                    models.Q(
                        models.Q(("state", wherry.review.types.ListState["IN_REVIEW"]), _negated=True),
                        ("signed_at__isnull", False),
                        models.Q(("signed_by", ""), _negated=True),
                        models.Q(("signed_hash", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="review_list_signed_whole",
            ),
        ),
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(fields=["at_risk_list", "tier", "family_name", "id"], name="review_entry_order"),
        ),
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(
                condition=models.Q(("verdict_reason", ""), _negated=True),
                fields=["audience_id", "population_id", "-decided_at"],
                name="review_entry_decided",
            ),
        ),
        migrations.AddConstraint(
            model_name="entry",
            constraint=models.UniqueConstraint(fields=("at_risk_list", "population_id"), name="review_entry_once"),
        ),
        migrations.AddConstraint(
            model_name="entry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("origin", wherry.review.types.Origin["STRATIFIED"]),
                        ("verdict", wherry.review.types.Verdict["KEPT"]),
                    ),
                    models.Q(
                        models.Q(("verdict_reason", ""), _negated=True),
                        models.Q(("decided_by", ""), _negated=True),
                        ("decided_at__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="review_entry_decision_has_reason",
            ),
        ),
        row_security("review_atrisklist", [Policy("audience", BY_AUDIENCE)]),
        row_security(
            "review_entry",
            [
                Policy("clinicians", f"{BY_AUDIENCE} and ({CLINICIANS_ONLY} or {WORKER_ONLY})"),
            ],
        ),
        row_security(
            "review_entryreason",
            [
                Policy("clinicians", f"{BY_AUDIENCE} and ({CLINICIANS_ONLY} or {WORKER_ONLY})"),
            ],
        ),
        row_security(
            "review_look",
            [
                Policy("clinicians", f"{BY_AUDIENCE} and ({CLINICIANS_ONLY} or {WORKER_ONLY})"),
            ],
        ),
        grant("review_atrisklist", web="select, update", worker="select, insert, update"),
        grant("review_entry", web="select, insert, update", worker="select, insert, update"),
        grant("review_entryreason", web="select, insert", worker="select, insert"),
        grant("review_look", web="select, insert, update", worker="select, insert, update"),
    ]
