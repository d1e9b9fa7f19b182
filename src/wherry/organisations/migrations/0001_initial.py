from __future__ import annotations

import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models

from wherry.database.operations import Policy, WORKER_ONLY, grant, row_security


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("database", "0001_context"),
    ]

    operations = [
        migrations.CreateModel(
            name="Staff",
            fields=[
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("email", models.EmailField(max_length=254, unique=True)),
                ("name", models.TextField()),
                ("is_active", models.BooleanField(default=True)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Organisation",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("code", models.TextField(unique=True)),
                ("name", models.TextField()),
                (
                    "kind",
                    models.TextField(
                        choices=[
                            ("health_board", "health_board"),
                            ("council", "council"),
                            ("gp_practice", "gp_practice"),
                            ("pharmacy", "pharmacy"),
                            ("charity", "charity"),
                            ("employer", "employer"),
                        ]
                    ),
                ),
                ("place", models.TextField(blank=True)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Team",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("code", models.TextField(unique=True)),
                ("name", models.TextField()),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="teams",
                        to="organisations.organisation",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "role",
                    models.TextField(
                        choices=[
                            ("caller", "caller"),
                            ("supervisor", "supervisor"),
                            ("clinician", "clinician"),
                            ("partner", "partner"),
                            ("programme_lead", "programme_lead"),
                            ("analyst", "analyst"),
                            ("information_governance", "information_governance"),
                            ("clinical_safety", "clinical_safety"),
                        ]
                    ),
                ),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField(null=True)),
                (
                    "staff",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="memberships",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="memberships",
                        to="organisations.organisation",
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="memberships",
                        to="organisations.team",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("staff", "organisation", "role"), name="organisations_membership_once"
                    )
                ],
            },
        ),
        grant("organisations_organisation", web="select", web_person="select", worker="select, insert, update"),
        grant("organisations_team", web="select", web_person="select", worker="select, insert, update"),
        row_security(
            "organisations_staff",
            [
                Policy(
                    "oneself_or_sign_in",
                    "(select app_kind()) in ('sign_in', 'worker', 'console')"
                    " or (select app_kind()) = 'staff' and id::text = (select app_actor())",
                    command="select",
                ),
                Policy("sign_in_notes_it", "(select app_kind()) = 'sign_in'", command="update"),
                Policy("console_engages", WORKER_ONLY),
            ],
        ),
        grant("organisations_staff", web="select, update", worker="select, insert, update"),
        row_security(
            "organisations_membership",
            [
                Policy(
                    "oneself_or_sign_in",
                    "(select app_kind()) in ('sign_in', 'worker', 'console')"
                    " or (select app_kind()) = 'staff' and staff_id::text = (select app_actor())",
                    command="select",
                ),
                Policy("console_engages", WORKER_ONLY),
            ],
        ),
        grant("organisations_membership", web="select", worker="select, insert, update"),
        migrations.CreateModel(
            name="Try",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("of_sha256", models.CharField(max_length=64)),
                ("at", models.DateTimeField()),
            ],
            options={
                "indexes": [models.Index(fields=["of_sha256", "at"], name="organisations_try_of")],
            },
        ),
        # Hashes of addresses, but of people's all the same: those who guess need them, and whoever clears them away.
        row_security(
            "organisations_try",
            [Policy("guessing", "(select app_kind()) in ('sign_in', 'link', 'worker', 'console')")],
        ),
        grant(
            "organisations_try",
            web="select, insert, delete",
            web_person="select, insert, delete",
            worker="select, delete",
        ),
    ]
