from __future__ import annotations

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import uuid
from django.db import migrations, models

from wherry.database.operations import Policy, WORKER_ONLY, grant, row_security


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("database", "0001_context"),
    ]

    operations = [
        migrations.CreateModel(
            name="Person",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("version", models.PositiveIntegerField(default=1)),
                ("population_id", models.TextField(unique=True)),
                ("nhs_number", models.TextField(blank=True)),
                ("given_name", models.TextField()),
                ("family_name", models.TextField()),
                ("birth_date", models.DateField()),
                ("died_on", models.DateField(null=True)),
                ("sex", models.TextField(blank=True)),
                ("language", models.TextField(default="en")),
                ("address", models.TextField(blank=True)),
                ("postcode", models.TextField(blank=True)),
                ("uprn", models.TextField(blank=True)),
                ("household_key", models.TextField(blank=True)),
                ("place", models.TextField(blank=True)),
                ("practice_code", models.TextField(blank=True)),
                ("imd_decile", models.SmallIntegerField(null=True)),
                ("ethnicity", models.TextField(blank=True)),
                ("is_communal", models.BooleanField(default=False)),
                ("is_address_held", models.BooleanField(default=False)),
                ("is_synthetic", models.BooleanField(default=False)),
                (
                    "audience_ids",
                    django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), default=list, size=None),
                ),
            ],
            options={
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(fields=["audience_ids"], name="people_person_audiences")
                ],
            },
        ),
        migrations.CreateModel(
            name="ContactPointRow",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("kind", models.TextField()),
                ("value", models.TextField()),
                ("source", models.TextField()),
                ("recorded_on", models.DateField()),
                ("verified_on", models.DateField(null=True)),
                ("wrong_since", models.DateTimeField(null=True)),
                ("is_shared", models.BooleanField(default=False)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="people.person"
                    ),
                ),
            ],
            options={
                "db_table": "people_contact_point",
                "indexes": [models.Index(fields=["kind", "value"], name="people_contact_point_value")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("person", "kind", "value", "source"), name="people_contact_point_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Report",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("kind", models.TextField(choices=[("died", "Died"), ("not_me", "Not Me"), ("unlinked", "Unlinked")])),
                ("source", models.TextField()),
                ("reported_at", models.DateTimeField()),
                ("resolution", models.TextField(blank=True)),
                ("resolved_at", models.DateTimeField(null=True)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="people.person"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("resolved_at__isnull", True)),
                        fields=("person", "kind"),
                        name="people_report_open_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="WishRow",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("kind", models.TextField()),
                ("value", models.TextField(blank=True)),
                ("source", models.TextField()),
                ("recorded_on", models.DateField()),
                ("ends_on", models.DateField(null=True)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="people.person"
                    ),
                ),
            ],
            options={
                "db_table": "people_wish",
                "indexes": [models.Index(fields=["person"], name="people_wish_person")],
            },
        ),
        # The policies of sight (audience, claim, link) come with the cases they speak of; until then only the worker.
        row_security("people_person", [Policy("worker", WORKER_ONLY)]),
        row_security("people_contact_point", [Policy("worker", WORKER_ONLY)]),
        row_security("people_wish", [Policy("worker", WORKER_ONLY)]),
        row_security("people_report", [Policy("worker", WORKER_ONLY)]),
        grant("people_person", web="select", web_person="select", worker="select, insert, update"),
        grant("people_contact_point", web="select, update", worker="select, insert, update"),
        grant("people_wish", web="select, insert", web_person="select, insert", worker="select, insert, update"),
        grant("people_report", web="select, insert, update", web_person="insert", worker="select, insert, update"),
    ]
