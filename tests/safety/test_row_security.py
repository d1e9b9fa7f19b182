"""Row security on every table that holds a person: nobody acting, nothing seen, nothing written."""

from __future__ import annotations

import json

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction

from tests.support.places_and_people import two_sides
from tests.support.roles import as_role
from wherry.commands import doctor
from wherry.database.context import acting_as
from wherry.foundation.actors import WORKER
from wherry.web.person.links import holder_of

pytestmark = pytest.mark.django_db

#: Written here a second time, by hand: a table leaves the guarded ones only when two files say so.
WITHOUT_PERSONS = {
    "app_clock",
    "audit_link",
    "audit_seal",
    "governance_agreement",
    "governance_audience",
    "governance_decision",
    "organisations_organisation",
    "organisations_team",
    "outreach_sendingpause",
    "sign_off_comment",
    "sign_off_programmeversion",
    "sign_off_signature",
}
FRAMEWORKS_OWN = ("django_", "auth_", "procrastinate_")
ROLES = ("web", "web_person", "worker")


def rows(sql: str, *parameters: object) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall()


def tables() -> dict[str, bool]:
    """Every table of ours in the database; whether row security is enabled, forced and has a policy."""
    found = rows(
        "select c.relname, c.relrowsecurity and c.relforcerowsecurity"
        " and exists (select 1 from pg_policy p where p.polrelid = c.oid)"
        " from pg_class c where c.relkind in ('r', 'p') and c.relnamespace = 'public'::regnamespace"
    )
    return {name: guarded for name, guarded in found if not name.startswith(FRAMEWORKS_OWN)}


def unguarded() -> set[str]:
    return {name for name, guarded in tables().items() if not guarded and name not in WITHOUT_PERSONS}


def person_tables() -> list[str]:
    return sorted(set(tables()) - WITHOUT_PERSONS)


def test_every_table_that_holds_a_person_enables_and_forces_row_security() -> None:
    assert unguarded() == set()
    assert len(person_tables()) >= 25


def test_the_tables_without_persons_are_the_same_in_the_doctor_and_here() -> None:
    assert doctor._NO_PERSON == WITHOUT_PERSONS
    assert set(tables()) >= WITHOUT_PERSONS, "a table on the list is gone: take it off"


def test_every_model_of_ours_is_among_the_tables_looked_at() -> None:
    ours = {model for model in apps.get_models() if model.__module__.startswith("wherry.")}
    assert {model._meta.db_table for model in ours if model._meta.managed} <= set(tables())


def test_a_view_bars_what_it_leaves_out_and_shows_nothing_anybody_said() -> None:
    views = rows(
        "select c.relname, coalesce('security_barrier=true' = any(c.reloptions), false),"
        " array_agg(a.attname::text) from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0"
        " where c.relkind = 'v' and c.relnamespace = 'public'::regnamespace group by c.oid order by 1"
    )
    assert [name for name, *_ in views] == ["checkin_answered"]
    assert [(name, bars) for name, bars, _ in views if not bars] == []
    assert [columns for *_, columns in views if set(columns) & {"answers", "language", "answered_by"}] == []


def test_a_new_table_without_a_policy_is_found() -> None:
    with connection.cursor() as cursor:
        cursor.execute("create table planted_person (id uuid primary key, name text)")
        assert unguarded() == {"planted_person"}
        assert "table planted_person is not guarded by row security" in doctor.problems()
        cursor.execute("alter table planted_person enable row level security")
        assert unguarded() == {"planted_person"}, "enabled is not forced"
        cursor.execute("alter table planted_person force row level security")
        assert unguarded() == {"planted_person"}, "forced without a policy is a table nobody thought about"
        cursor.execute("create policy p on planted_person using (app_kind() = 'worker')")
    assert unguarded() == set()


def test_no_policy_lets_everybody_through() -> None:
    """A policy that names no actor, no audience and no other guarded table would be open to all."""
    words = (
        "app_kind",
        "app_audiences",
        "app_working_audiences",
        "app_delivering_audiences",
        "app_claimed",
        "app_link",
        "app_token_person",
        "app_roles",
        "people_person",
        "referrals_calltoaction",
    )
    policies = rows(
        "select polrelid::regclass::text, polname, coalesce(pg_get_expr(polqual, polrelid), '')"
        " || coalesce(pg_get_expr(polwithcheck, polrelid), '') from pg_policy"
    )
    assert [f"{table}.{name}" for table, name, text in policies if not any(word in text for word in words)] == []


def test_tests_and_the_application_never_connect_as_one_who_passes_row_security() -> None:
    assert rows("select current_user, session_user") == [("owner", "owner")]
    passing = rows(
        "select rolname from pg_roles where rolname = any(%s) and (rolsuper or rolbypassrls)", [*ROLES, "owner"]
    )
    assert passing == []
    for role in (*ROLES, "owner"):
        inherited = rows(
            "select rolname from pg_roles where (rolsuper or rolbypassrls) and pg_has_role(%s, oid, 'member')", role
        )
        assert inherited == [], f"{role} can become one who passes row security"


def test_only_the_owner_sets_the_clock() -> None:
    for role in ROLES:
        with as_role(role), pytest.raises(DatabaseError), transaction.atomic():
            rows("update app_clock set ahead = interval '1 day' returning 1")


@pytest.fixture
def filled() -> dict[str, str]:
    """One row of every person table, as JSON."""
    two_sides()
    found: dict[str, str] = {}
    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")
        for table in person_tables():
            cursor.execute(f"alter table {table} no force row level security")
            cursor.execute(f"select row_to_json(t)::text from {table} t limit 1")
            row = cursor.fetchone()
            cursor.execute(f"alter table {table} force row level security")
            assert row is not None, f"{table} is empty: two_sides() must put a row in it"
            found[table] = row[0]
    return found


REFUSED, NOT_ITS_CASES = "42501", "23503"


def attempt(sql: str, *parameters: object, by: tuple[str, ...] = (REFUSED,)) -> int | str:
    """
    Rows the statement touched, or 'refused' where the database does not let it.

    by: what counts as a refusal: row security or a missing grant; for a row that leaves its case also the key to it.
    """
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, parameters)
            return cursor.rowcount
    except DatabaseError as error:
        assert getattr(error.__cause__, "sqlstate", "") in by, (sql, error)
        return "refused"


@pytest.mark.parametrize("role", [*ROLES, "owner"])
def test_without_a_context_no_row_of_any_person_can_be_seen(role: str, filled: dict[str, str]) -> None:
    with as_role(role):
        seen = {table: attempt(f"select 1 from {table}") for table in filled}
    assert {table: many for table, many in seen.items() if many not in (0, "refused")} == {}


def test_the_same_question_asked_by_the_worker_is_answered(filled: dict[str, str]) -> None:
    with acting_as(WORKER), as_role("worker"):
        seen = {table for table in filled if attempt(f"select 1 from {table}") not in (0, "refused")}
        assert attempt("select answers from checkin_draft") == "refused", "a draft's answers are the resident's own"
    # What somebody signs in with is the sign-in's alone.
    of_the_sign_in = {"organisations_credential", "organisations_recoverycode", "organisations_signin"}
    assert set(filled) - seen == of_the_sign_in


@pytest.mark.parametrize("role", [*ROLES, "owner"])
def test_without_a_context_nothing_can_be_written_about_a_person(role: str, filled: dict[str, str]) -> None:
    done: dict[str, object] = {}
    with as_role(role):
        for table, row in filled.items():
            done[f"insert {table}"] = attempt(
                f"insert into {table} select * from json_populate_record(null::{table}, %s::json)", row
            )
            key = "id" if "id" in json.loads(row) else next(iter(json.loads(row)))
            done[f"update {table}"] = attempt(f"update {table} set {key} = {key}")
            done[f"delete {table}"] = attempt(f"delete from {table}")
            done[f"truncate {table}"] = "refused" if role == "owner" else attempt(f"truncate {table} cascade")
    wrong = {
        what: came
        for what, came in done.items()
        if came != "refused" and (came != 0 or what.startswith(("insert", "truncate")))
    }
    assert wrong == {}


@pytest.mark.parametrize("role", ROLES)
def test_a_context_that_cannot_be_read_is_nobody(role: str, filled: dict[str, str]) -> None:
    """A half-written context must end in nothing or an error, never in sight."""
    of_residents = [table for table in filled if not table.startswith("organisations")]
    for kind in ("nobody", "staff", "link", ""):
        context = json.dumps({"kind": kind, "id": "x"} if kind else {})
        with as_role(role):
            rows("select set_config('app.ctx', %s, true)", context)
            seen = {table: attempt(f"select 1 from {table}") for table in of_residents}
            rows("select set_config('app.ctx', '', true)")
        assert {table: many for table, many in seen.items() if many not in (0, "refused")} == {}, context


def test_the_record_can_be_added_to_and_by_nobody_changed_or_shortened(filled: dict[str, str]) -> None:
    for role in (*ROLES, "owner"):
        with acting_as(WORKER), as_role(role):
            assert attempt("update audit_event set did = 'x'") in (0, "refused")
            assert attempt("delete from audit_event") in (0, "refused")
            if role != "owner":
                assert attempt("update audit_link set head = 'x'") == "refused"
                assert attempt("delete from audit_seal") == "refused"


OF_A_CASE = (
    "cases_occurrence",
    "cases_statechange",
    "checkin_invitation",
    "checkin_alarm",
    "checkin_callwanted",
    "checkin_codeasked",
    "checkin_draft",
    "checkin_response",
    "checkin_helpreply",
    "outreach_attempt",
    "outreach_attemptevent",
    "referrals_calltoaction",
    "referrals_calltoactionevent",
    "review_entry",
    "review_entryreason",
    "review_look",
    "triage_decision",
    "triage_need",
    "triage_redflag",
    "worklist_task",
    "worklist_taskevent",
    "worklist_calldraft",
)


def test_every_table_that_carries_an_audience_is_among_those_written_to_here() -> None:
    carrying = rows(
        "select table_name from information_schema.columns join information_schema.tables"
        " using (table_schema, table_name) where column_name = 'audience_id' and table_type = 'BASE TABLE'"
    )
    assert {name for (name,) in carrying} == {*OF_A_CASE, "cases_case", "review_atrisklist"}


@pytest.mark.parametrize("role", ["web", "web_person", "owner"])
def test_nobody_writes_among_another_organisations_people(role: str) -> None:
    """The check on what is written, not only on what is read: a row of ours is offered as theirs, in every role."""
    ours, theirs = two_sides()
    offered = {}
    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")
        for table in (*OF_A_CASE, "cases_case", "review_atrisklist"):
            cursor.execute(f"alter table {table} no force row level security")
            cursor.execute(f"select row_to_json(t)::text from {table} t where audience_id = %s", [ours.audience.pk])
            offered[table] = cursor.fetchone()[0]
            cursor.execute(f"alter table {table} force row level security")
    strangers = [theirs.actor(one) for one in theirs.staff] + [holder_of(token=theirs.token)]
    done: dict[str, object] = {}
    for stranger in strangers:
        with acting_as(stranger), as_role(role):
            for table, row in offered.items():
                who = f"{table} as {stranger.kind} {sorted(stranger.roles)}"
                done[f"insert {who}"] = attempt(
                    f"insert into {table} select * from json_populate_record(null::{table}, %s::json)", row
                )
                done[f"move {who}"] = attempt(
                    f"update {table} set audience_id = %s", ours.audience.pk, by=(REFUSED, NOT_ITS_CASES)
                )
                done[f"delete {who}"] = attempt(f"delete from {table} where audience_id = %s", ours.audience.pk)
    assert {what: came for what, came in done.items() if came not in (0, "refused")} == {}
    assert all(came == "refused" for what, came in done.items() if what.startswith("insert"))


def nobody_can(table: str, row: str) -> bool:
    """Say whether somebody without a context can see, write, change or remove anything in a table."""
    try:
        done = [
            attempt(f"select 1 from {table}"),
            attempt(f"insert into {table} select * from json_populate_record(null::{table}, %s::json)", row),
            attempt(f"update {table} set id = gen_random_uuid()"),
            attempt(f"delete from {table}"),
        ]
    except (AssertionError, DatabaseError):
        return True  # got as far as a key: row security let it through
    return any(one not in (0, "refused") for one in done)


def test_each_policy_opened_and_each_guard_lifted_would_be_seen(filled: dict[str, str]) -> None:
    """The tests above are tried themselves: every policy loosened in turn, and none of it may pass unseen."""
    loosened = [
        (f"alter policy {name} on {table} {clauses}", table)
        for name, table, command in rows("select polname, polrelid::regclass::text, polcmd::text from pg_policy")
        for clauses in {
            "*": ["using (true)", "with check (true)"],
            "r": ["using (true)"],
            "d": ["using (true)"],
            "a": ["with check (true)"],
            "w": ["using (true) with check (true)"],
        }[command]
    ]
    lifted = [(f"alter table {table} no force row level security", table) for table in filled]
    assert len(loosened) > 60
    unseen = []
    for sql, table in loosened + lifted:
        with transaction.atomic():
            assert not nobody_can(table, filled[table]), table
            with connection.cursor() as cursor:
                cursor.execute("set constraints all immediate")
                cursor.execute(sql)
            if not nobody_can(table, filled[table]):
                unseen.append(sql)
            transaction.set_rollback(True)
    assert unseen == []
