from __future__ import annotations

import django.db.models.deletion
import uuid
from django.db import migrations, models

from wherry.database.operations import (
    BY_AUDIENCE,
    BY_CLAIM,
    BY_LINK,
    BY_PROVEN_LINK,
    BY_ANSWERING_LINK,
    Policy,
    carries_its_case,
    grant,
    row_security,
    sql_file,
)

# What somebody answered is for those who help them. Whoever oversees counts who answered, in a view without the answers.
BY_TENDING_AUDIENCE = (
    f"{BY_AUDIENCE} and ((select app_kind()) <> 'staff'"
    " or (select app_roles())::text[] && array['supervisor', 'clinician'])"
)


DRAFT_IN_SIGHT = "id, case_id, audience_id, invitation_id, begun_at, saved_at, noticed_at"


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("cases", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Invitation",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("version", models.PositiveIntegerField(default=1)),
                ("audience_id", models.UUIDField()),
                ("kind", models.TextField(default="check_in")),
                ("about_id", models.UUIDField()),
                ("person_id", models.UUIDField()),
                ("about_need", models.TextField(blank=True)),
                ("about_day", models.DateField(null=True)),
                ("token_sha256", models.CharField(max_length=64, unique=True)),
                ("definition_hash", models.TextField()),
                ("language", models.TextField()),
                ("made_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("state", models.TextField(default="open")),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("opened_at", models.DateTimeField(null=True)),
                ("used_at", models.DateTimeField(null=True)),
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
            ],
        ),
        migrations.CreateModel(
            name="HelpReply",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("audience_id", models.UUIDField()),
                ("about_id", models.UUIDField(unique=True)),
                ("helped", models.BooleanField()),
                ("channel", models.TextField()),
                ("said_at", models.DateTimeField()),
                ("heard_at", models.DateTimeField(null=True)),
                (
                    "case",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.case"),
                ),
                (
                    "invitation",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="checkin.invitation",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Draft",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("version", models.PositiveIntegerField(default=1)),
                ("audience_id", models.UUIDField()),
                ("answers", models.JSONField(default=dict)),
                ("begun_at", models.DateTimeField()),
                ("saved_at", models.DateTimeField()),
                ("noticed_at", models.DateTimeField(null=True)),
                (
                    "case",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.case"),
                ),
                (
                    "invitation",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="draft", to="checkin.invitation"
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="CodeAsked",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("version", models.PositiveIntegerField(default=1)),
                ("audience_id", models.UUIDField()),
                ("asked_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("heard_at", models.DateTimeField(null=True)),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("used_at", models.DateTimeField(null=True)),
                ("proof_sha256", models.CharField(blank=True, max_length=64)),
                ("seen_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "case",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.case"),
                ),
                (
                    "invitation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="checkin.invitation"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["case", "asked_at"], name="checkin_code_of_case"),
                    models.Index(
                        condition=models.Q(("heard_at__isnull", True)), fields=["asked_at"], name="checkin_code_unheard"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("proof_sha256", ""), _negated=True),
                        fields=("proof_sha256",),
                        name="checkin_code_proof_is_one_browser_s",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("proof_sha256", ""), ("seen_at__isnull", True), ("used_at__isnull", True)),
                            models.Q(
                                models.Q(("seen_at__isnull", False), ("used_at__isnull", False)),
                                models.Q(("proof_sha256", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="checkin_code_used_with_proof",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CallWanted",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("version", models.PositiveIntegerField(default=1)),
                ("audience_id", models.UUIDField()),
                ("about", models.TextField(blank=True)),
                ("asked_at", models.DateTimeField()),
                ("heard_at", models.DateTimeField(null=True)),
                (
                    "case",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.case"),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("heard_at__isnull", True)),
                        fields=("case", "about"),
                        name="checkin_call_wanted_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Alarm",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("version", models.PositiveIntegerField(default=1)),
                ("audience_id", models.UUIDField()),
                ("flag", models.TextField()),
                ("rule", models.TextField()),
                ("say", models.TextField()),
                ("channel", models.TextField()),
                ("language", models.TextField(default="en")),
                ("answered_by", models.TextField(default="self")),
                ("they_agree", models.TextField(blank=True)),
                ("relation", models.TextField(blank=True)),
                ("said_at", models.DateTimeField()),
                ("taken_back_at", models.DateTimeField(null=True)),
                ("heard_at", models.DateTimeField(null=True)),
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
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("heard_at__isnull", True)), fields=["said_at"], name="checkin_alarm_unheard"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("occurrence", "flag"), name="checkin_alarm_once_per_flag")
                ],
            },
        ),
        migrations.CreateModel(
            name="Response",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("audience_id", models.UUIDField()),
                ("channel", models.TextField()),
                ("answers", models.JSONField()),
                ("language", models.TextField()),
                ("answered_by", models.TextField()),
                ("submitted_at", models.DateTimeField()),
                ("definition_hash", models.TextField()),
                ("idempotency_key", models.UUIDField(unique=True)),
                (
                    "case",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.case"),
                ),
                (
                    "invitation",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="checkin.invitation",
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
        migrations.AddConstraint(
            model_name="invitation",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["open", "locked"])),
                fields=("kind", "about_id"),
                name="checkin_invitation_one_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="invitation",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["open", "locked", "used", "revoked"])),
                name="checkin_invitation_state",
            ),
        ),
        migrations.AddConstraint(
            model_name="invitation",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["check_in", "did_it_help"])), name="checkin_invitation_kind"
            ),
        ),
        migrations.AddConstraint(
            model_name="response",
            constraint=models.UniqueConstraint(fields=("occurrence",), name="checkin_response_once_per_occurrence"),
        ),
        carries_its_case("checkin_invitation"),
        row_security(
            "checkin_invitation",
            [
                Policy("audience", BY_AUDIENCE),
                Policy("claimed", BY_CLAIM),
                Policy("link", "(select app_kind()) = 'link' and token_sha256 = (select app_token())"),
            ],
        ),
        carries_its_case("checkin_draft"),
        row_security(
            "checkin_draft",
            [
                Policy("link", BY_ANSWERING_LINK),
                Policy("audience", BY_AUDIENCE),
                Policy("claimed", BY_CLAIM, command="select"),
            ],
        ),
        *[
            operation
            for table in ("checkin_codeasked", "checkin_callwanted")
            for operation in (
                carries_its_case(table),
                row_security(table, [Policy("audience", BY_AUDIENCE), Policy("link", BY_LINK)]),
            )
        ],
        grant(
            "checkin_codeasked",
            web_person="select, insert, update (tries, used_at, proof_sha256, seen_at, ended_at, version)",
            worker="select, update (heard_at, version)",
        ),
        # Whoever holds the call reads what it was asked for about.
        migrations.RunSQL(
            f"create policy claimed on checkin_callwanted for select using ({BY_CLAIM});",
            "drop policy claimed on checkin_callwanted;",
        ),
        grant("checkin_callwanted", web="select", web_person="select, insert", worker="select, update"),
        carries_its_case("checkin_alarm"),
        row_security(
            "checkin_alarm",
            [
                Policy("audience", BY_AUDIENCE),
                Policy("claimed", BY_CLAIM),
                Policy("link", BY_ANSWERING_LINK),
            ],
        ),
        carries_its_case("checkin_response"),
        row_security(
            "checkin_response",
            [
                Policy("audience", BY_TENDING_AUDIENCE),
                Policy("claimed", BY_CLAIM),
                Policy("link", BY_ANSWERING_LINK),
            ],
        ),
        sql_file(__file__, "answered"),
        migrations.CreateModel(
            name="Answered",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("audience_id", models.UUIDField()),
                ("channel", models.TextField()),
                ("submitted_at", models.DateTimeField()),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.DO_NOTHING, related_name="+", to="cases.case"
                    ),
                ),
            ],
            options={"db_table": "checkin_answered", "managed": False},
        ),
        carries_its_case("checkin_helpreply"),
        row_security(
            "checkin_helpreply",
            [
                Policy("audience", BY_AUDIENCE),
                Policy("claimed", BY_CLAIM),
                Policy("link", BY_ANSWERING_LINK),
                Policy("proven", BY_PROVEN_LINK),
            ],
        ),
        grant("checkin_helpreply", web="select, insert", web_person="select, insert", worker="select, update"),
        grant(
            "checkin_invitation",
            web="select, update",
            web_person="select, update (state, tries, language, opened_at, used_at, version)",
            worker="select, insert, update",
        ),
        # Answers not sent are the resident's own: staff and the worker learn only that a draft is there, and since when.
        grant(
            "checkin_draft",
            web=f"select ({DRAFT_IN_SIGHT})",
            web_person="select, insert, update, delete",
            worker=f"select ({DRAFT_IN_SIGHT}), update (noticed_at), delete",
        ),
        grant(
            "checkin_alarm",
            web="select, insert, update",
            web_person="select, insert, update",
            worker="select, insert, update",
        ),
        grant("checkin_response", web="select, insert", web_person="select, insert", worker="select, insert"),
    ]
