from __future__ import annotations

import django.db.models.deletion
import uuid
import wherry.cases.types
from django.db import migrations, models

from wherry.database.operations import (
    BY_AUDIENCE,
    BY_CLAIM,
    BY_LINK,
    Policy,
    carries_its_case,
    grant,
    row_security,
    sql_file,
)

# Sight of a person follows sight of a case of theirs.
PEOPLE_IN_SIGHT = """
create policy audience on people_person for select using (audience_ids && (select app_audiences())::uuid[]);
create policy claimed on people_person for select using (id = any((select app_claimed_people())::uuid[]));
create policy link on people_person for select using (id = (select app_link_person()));
create policy seen on people_contact_point for select using (exists (select 1 from people_person p where p.id = person_id));
create policy corrected on people_contact_point for update using (exists (select 1 from people_person p where p.id = person_id));
create policy seen on people_wish for select using (exists (select 1 from people_person p where p.id = person_id));
create policy wished on people_wish for insert with check (exists (select 1 from people_person p where p.id = person_id));
create policy wished_by_link on people_wish for insert with check (person_id = (select app_token_person()));
create policy reported_by_link on people_report for insert with check (person_id = (select app_token_person()));
create policy seen on people_report for select using (exists (select 1 from people_person p where p.id = person_id));
create policy reported on people_report for insert with check (exists (select 1 from people_person p where p.id = person_id));
create policy resolved on people_report for update using (exists (select 1 from people_person p where p.id = person_id));
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("governance", "0001_initial"),
        ("organisations", "0001_initial"),
        ("people", "0001_initial"),
        ("sign_off", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Case",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("version", models.PositiveIntegerField(default=1)),
                ("programme", models.TextField()),
                ("place", models.TextField()),
                ("category", models.TextField()),
                ("tier", models.PositiveSmallIntegerField()),
                (
                    "door",
                    models.TextField(
                        choices=[
                            ("signed_list", "signed_list"),
                            ("referral_in", "referral_in"),
                            ("related_person", "related_person"),
                        ]
                    ),
                ),
                ("opened_from", models.UUIDField(null=True)),
                ("opened_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(null=True)),
                (
                    "state",
                    models.TextField(
                        choices=[
                            ("in_cadence", "in_cadence"),
                            ("reached", "reached"),
                            ("exhausted", "exhausted"),
                            ("declined", "declined"),
                            ("excluded", "excluded"),
                        ],
                        default=wherry.cases.types.State["IN_CADENCE"],
                    ),
                ),
                ("state_reason", models.TextField(blank=True)),
                ("release_rank", models.PositiveSmallIntegerField(default=0)),
                (
                    "audience",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="governance.audience"
                    ),
                ),
                (
                    "lead_organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisations.organisation"
                    ),
                ),
                (
                    "owner_team",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisations.team"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.person"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Occurrence",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("version", models.PositiveIntegerField(default=1)),
                ("audience_id", models.UUIDField()),
                ("number", models.PositiveIntegerField()),
                ("opened_at", models.DateTimeField()),
                ("look_again_at", models.DateTimeField()),
                (
                    "state",
                    models.TextField(
                        choices=[
                            ("in_cadence", "in_cadence"),
                            ("reached", "reached"),
                            ("exhausted", "exhausted"),
                            ("declined", "declined"),
                            ("excluded", "excluded"),
                        ],
                        default=wherry.cases.types.State["IN_CADENCE"],
                    ),
                ),
                ("state_reason", models.TextField(blank=True)),
                (
                    "case",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.case"),
                ),
                (
                    "programme_version",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="sign_off.programmeversion",
                    ),
                ),
                (
                    "also_decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="sign_off.programmeversion",
                    ),
                ),
                (
                    "owner_team",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.team",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="StateChange",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("audience_id", models.UUIDField()),
                ("from_state", models.TextField()),
                ("to_state", models.TextField()),
                ("why", models.TextField()),
                ("by", models.TextField()),
                ("at", models.DateTimeField()),
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
                "abstract": False,
            },
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(fields=["audience", "state"], name="cases_case_audience_state"),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.UniqueConstraint(
                condition=models.Q(("closed_at__isnull", True)),
                fields=("person", "programme"),
                name="cases_case_one_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.UniqueConstraint(fields=("id", "audience"), name="cases_case_id_and_audience"),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", wherry.cases.types.State["EXCLUDED"]), _negated=True),
                    models.Q(("state_reason", ""), _negated=True),
                    _connector="OR",
                ),
                name="cases_case_excluded_with_reason",
            ),
        ),
        migrations.AddIndex(
            model_name="occurrence",
            index=models.Index(
                condition=models.Q(("state", wherry.cases.types.State["IN_CADENCE"])),
                fields=["look_again_at"],
                name="cases_occurrence_to_look_at",
            ),
        ),
        migrations.AddIndex(
            model_name="occurrence",
            index=models.Index(fields=["audience_id", "state"], name="cases_occurrence_state"),
        ),
        migrations.AddConstraint(
            model_name="occurrence",
            constraint=models.UniqueConstraint(fields=("case", "number"), name="cases_occurrence_once"),
        ),
        migrations.AddConstraint(
            model_name="occurrence",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", wherry.cases.types.State["EXHAUSTED"]), _negated=True),
                    ("owner_team__isnull", False),
                    _connector="OR",
                ),
                name="cases_occurrence_exhausted_with_owner",
            ),
        ),
        migrations.AddConstraint(
            model_name="occurrence",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", wherry.cases.types.State["EXCLUDED"]), _negated=True),
                    models.Q(("state_reason", ""), _negated=True),
                    _connector="OR",
                ),
                name="cases_occurrence_excluded_with_reason",
            ),
        ),
        sql_file(__file__, "sight"),
        row_security(
            "cases_case",
            [
                Policy("audience", BY_AUDIENCE),
                Policy("claimed", BY_CLAIM.replace("case_id", "id")),
                Policy("link", BY_LINK.replace("case_id", "id"), command="select"),
            ],
        ),
        carries_its_case("cases_occurrence"),
        row_security(
            "cases_occurrence",
            [
                Policy("audience", BY_AUDIENCE),
                Policy("claimed", BY_CLAIM),
                Policy("link", BY_LINK, command="select"),
            ],
        ),
        carries_its_case("cases_statechange"),
        row_security("cases_statechange", [Policy("audience", BY_AUDIENCE), Policy("claimed", BY_CLAIM)]),
        grant("cases_case", web="select, update", web_person="select", worker="select, insert, update"),
        # Whoever is on the line with somebody opens the check-in of what they say now.
        grant("cases_occurrence", web="select, insert, update", web_person="select", worker="select, insert, update"),
        grant("cases_statechange", web="select, insert", worker="select, insert"),
        migrations.RunSQL(PEOPLE_IN_SIGHT, migrations.RunSQL.noop),
    ]
