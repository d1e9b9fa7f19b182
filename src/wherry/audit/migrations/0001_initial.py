from __future__ import annotations

import django.contrib.postgres.fields
import uuid
from django.db import migrations, models

from wherry.database.operations import Policy, WORKER_ONLY, grant, row_security, sql_file

# A guardian reads what their own organisations' staff did, what was done to or seen of the people they oversee, and what
# was about nobody in particular (sending stopped, a sign-in that failed for no account); never another board's events.
GUARDIAN = (
    "(select app_kind()) = 'staff' and 'information_governance' = any((select app_roles())::text[])"
    " and (organisation_ids && (select app_organisations())::uuid[]"
    " or jsonb_exists_any((select audit_in_my_care()), subject_ids || coalesce(detail ->> 'list', ''))"
    " or subject_ids = '{}' and jsonb_exists((select audit_in_my_care()), 'nobody in particular'))"
)


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("database", "0001_context"),
    ]

    operations = [
        migrations.CreateModel(
            name="Link",
            fields=[
                ("position", models.BigIntegerField(primary_key=True, serialize=False)),
                ("event_id", models.UUIDField(unique=True)),
                ("row_hash", models.CharField(max_length=64)),
                ("head", models.CharField(max_length=64)),
            ],
        ),
        migrations.CreateModel(
            name="Seal",
            fields=[
                ("position", models.BigIntegerField(primary_key=True, serialize=False)),
                ("head", models.CharField(max_length=64)),
                ("at", models.DateTimeField()),
                ("signature", models.CharField(max_length=128)),
                ("public_key", models.CharField(max_length=64)),
            ],
        ),
        migrations.CreateModel(
            name="Event",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("actor_kind", models.TextField()),
                ("actor_id", models.TextField()),
                (
                    "organisation_ids",
                    django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), default=list, size=None),
                ),
                ("purpose", models.TextField(blank=True)),
                ("did", models.TextField()),
                ("subject", models.TextField()),
                (
                    "subject_ids",
                    django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), default=list, size=None),
                ),
                ("detail", models.JSONField(default=dict)),
                ("row_hash", models.CharField(max_length=64)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["at"], name="audit_event_at"),
                    models.Index(fields=["did", "at"], name="audit_event_did"),
                ],
            },
        ),
        # The transaction that wrote the row: the sealer links only what no running transaction can still precede.
        migrations.RunSQL(
            "alter table audit_event add column written_in xid8 not null default pg_current_xact_id();"
            " create index audit_event_written_in on audit_event (written_in);",
            "alter table audit_event drop column written_in;",
        ),
        sql_file(__file__, "in_my_care"),
        row_security(
            "audit_event",
            [
                Policy("somebody_acts", "(select app_kind()) is not null", command="insert"),
                Policy("worker_reads", WORKER_ONLY, command="select"),
                Policy("guardian_reads", GUARDIAN, command="select"),
            ],
        ),
        grant("audit_event", web="select, insert", web_person="insert", worker="select, insert"),
        grant("audit_link", worker="select, insert", web="select"),
        grant("audit_seal", worker="select, insert", web="select"),
    ]
