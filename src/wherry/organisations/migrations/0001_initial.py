from __future__ import annotations

import django.db.models.deletion
import uuid
from django.db import migrations, models

from wherry.database.operations import Policy, WORKER_ONLY, grant, row_security

SIGN_IN_ALONE = "(select app_kind()) = 'sign_in'"


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("database", "0001_context"),
    ]

    operations = [
        migrations.CreateModel(
            name="Staff",
            fields=[
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
                        to="organisations.staff",
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
                Policy("console_engages", WORKER_ONLY),
            ],
        ),
        grant("organisations_staff", web="select", worker="select, insert, update"),
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
        migrations.CreateModel(
            name="Credential",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("password", models.TextField()),
                ("must_choose_password", models.BooleanField(default=False)),
                ("factor_sealed", models.TextField(blank=True)),
                ("last_step", models.BigIntegerField(default=0)),
                (
                    "staff",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisations.staff"
                    ),
                ),
            ],
            options={"abstract": False},
        ),
        migrations.CreateModel(
            name="RecoveryCode",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("code_sha256", models.CharField(max_length=64)),
                ("used_at", models.DateTimeField(null=True)),
                (
                    "staff",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisations.staff"
                    ),
                ),
            ],
            options={"abstract": False},
        ),
        migrations.CreateModel(
            name="SignIn",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("started_at", models.DateTimeField()),
                ("seen_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("ended_by", models.TextField(blank=True)),
                ("browser", models.TextField(blank=True)),
                (
                    "staff",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="sign_ins", to="organisations.staff"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ended_at__isnull", True),
                            ("ended_by", ""),
                        )
                        | models.Q(("ended_at__isnull", False), models.Q(("ended_by", ""), _negated=True)),
                        name="organisations_signin_ended_by_something",
                    )
                ],
            },
        ),
        # Only the sign-in reads what somebody signs in with: no page, no worker, no operator. Whoever engages
        # somebody leaves a first credential and cannot look at it afterwards.
        row_security(
            "organisations_credential",
            [Policy("sign_in_alone", SIGN_IN_ALONE), Policy("engaging", WORKER_ONLY, command="insert")],
        ),
        grant("organisations_credential", web="select, update", worker="insert"),
        row_security("organisations_recoverycode", [Policy("sign_in_alone", SIGN_IN_ALONE)]),
        grant("organisations_recoverycode", web="select, insert, update, delete"),
        row_security("organisations_signin", [Policy("sign_in_alone", SIGN_IN_ALONE)]),
        grant("organisations_signin", web="select, insert, update"),
    ]
