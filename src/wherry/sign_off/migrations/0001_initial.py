from __future__ import annotations

import django.contrib.postgres.fields
import django.db.models.deletion
import uuid
import wherry.sign_off.types
from django.db import migrations, models

from wherry.database.operations import grant, sql_file


class Migration(migrations.Migration):
    initial = True

    dependencies = [("governance", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="ProgrammeVersion",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("version", models.PositiveIntegerField(default=1)),
                ("programme", models.TextField()),
                ("number", models.PositiveIntegerField()),
                ("name", models.TextField()),
                ("hash", models.TextField()),
                ("files", models.JSONField()),
                ("roles", django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None)),
                ("starts_on", models.DateField(null=True)),
                ("ends_on", models.DateField(null=True)),
                ("reaches_people", models.BooleanField(default=True)),
                ("why", models.TextField()),
                (
                    "proved",
                    django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), default=list, size=None),
                ),
                ("put_forward_by", models.TextField()),
                ("put_forward_at", models.DateTimeField()),
                (
                    "state",
                    models.TextField(
                        choices=[
                            ("draft", "draft"),
                            ("reviewed", "reviewed"),
                            ("signed", "signed"),
                            ("in_force", "in_force"),
                            ("superseded", "superseded"),
                            ("stopped", "stopped"),
                            ("ended", "ended"),
                            ("withdrawn", "withdrawn"),
                        ],
                        default=wherry.sign_off.types.VersionState["DRAFT"],
                    ),
                ),
                ("reviewed_by", models.TextField(blank=True)),
                ("reviewed_at", models.DateTimeField(null=True)),
                ("in_force_at", models.DateTimeField(null=True)),
                ("share", models.PositiveSmallIntegerField(default=0)),
                ("ended_by", models.TextField(blank=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("why_ended", models.TextField(blank=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("id", "hash"), name="sign_off_version_id_and_hash"),
                    models.UniqueConstraint(
                        condition=models.Q(("state", wherry.sign_off.types.VersionState["WITHDRAWN"]), _negated=True),
                        fields=("programme", "number"),
                        name="sign_off_number_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("share", 100), ("state", wherry.sign_off.types.VersionState["IN_FORCE"])),
                        fields=("programme",),
                        name="sign_off_one_for_everybody",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("share__lt", 100), ("state", wherry.sign_off.types.VersionState["IN_FORCE"])
                        ),
                        fields=("programme",),
                        name="sign_off_one_on_its_way",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("share", 0), ("in_force_at__isnull", False), _connector="OR"),
                        name="sign_off_released_only_in_force",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                (
                                    "state__in",
                                    [
                                        wherry.sign_off.types.VersionState["STOPPED"],
                                        wherry.sign_off.types.VersionState["ENDED"],
                                        wherry.sign_off.types.VersionState["WITHDRAWN"],
                                    ],
                                ),
                                _negated=True,
                            ),
                            models.Q(
                                models.Q(("why_ended", ""), _negated=True),
                                models.Q(("ended_by", ""), _negated=True),
                                ("ended_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="sign_off_ended_with_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Comment",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("about", models.TextField(blank=True)),
                ("words", models.TextField()),
                ("said_by", models.TextField()),
                ("said_for", models.TextField()),
                ("said_at", models.DateTimeField()),
                ("answer", models.TextField(blank=True)),
                ("answered_by", models.TextField(blank=True)),
                ("answered_at", models.DateTimeField(null=True)),
                (
                    "programme_version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="comments",
                        to="sign_off.programmeversion",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["programme_version", "said_at"], name="sign_off_comments_of")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answer", ""), ("answered_at__isnull", True), ("answered_by", "")),
                            models.Q(
                                models.Q(("answer", ""), _negated=True),
                                models.Q(("answered_by", ""), _negated=True),
                                ("answered_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="sign_off_comment_answered_whole",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Signature",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("role", models.TextField()),
                ("hash", models.TextField()),
                ("signed_by", models.TextField()),
                ("signed_at", models.DateTimeField()),
                (
                    "programme_version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="signatures",
                        to="sign_off.programmeversion",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("programme_version", "role"), name="sign_off_role_once"),
                    models.UniqueConstraint(fields=("programme_version", "signed_by"), name="sign_off_person_once"),
                ],
            },
        ),
        sql_file(__file__, "kept"),
        grant(
            "sign_off_programmeversion",
            web="select, insert, update",
            web_person="select",
            worker="select, insert, update",
        ),
        grant("sign_off_signature", web="select, insert", worker="select, insert"),
        grant("sign_off_comment", web="select, insert, update", worker="select, insert, update"),
    ]
