from __future__ import annotations

import django.contrib.postgres.fields
import django.db.models.deletion
import uuid
from django.db import migrations, models

from wherry.database.operations import grant, sql_file


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("organisations", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Decision",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("programme", models.TextField()),
                ("what", models.TextField()),
                ("why", models.TextField()),
                ("risk_owner", models.TextField()),
                ("evidence", models.TextField(blank=True)),
                ("is_reversible", models.BooleanField(default=True)),
                ("decided_by", models.TextField()),
                ("decided_at", models.DateTimeField()),
                ("review_on", models.DateField()),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Agreement",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("programme", models.TextField()),
                ("place", models.TextField(blank=True)),
                ("purposes", django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None)),
                ("lawful_basis", models.TextField()),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField(null=True)),
                ("signed_by", models.TextField()),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisations.organisation"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["programme", "organisation"], name="governance_agreement_of")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_at__isnull", True), ("ends_at__gt", models.F("starts_at")), _connector="OR"
                        ),
                        name="governance_agreement_ends_after_start",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Audience",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("programme", models.TextField()),
                ("place", models.TextField()),
                (
                    "lead_organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisations.organisation"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("programme", "place", "lead_organisation"), name="governance_audience_once"
                    )
                ],
            },
        ),
        sql_file(__file__, "audiences"),
        sql_file(__file__, "colleagues"),
        grant("governance_audience", web="select", web_person="select", worker="select, insert"),
        grant("governance_agreement", web="select", web_person="select", worker="select, insert, update"),
        grant("governance_decision", web="select, insert", worker="select, insert"),
    ]
