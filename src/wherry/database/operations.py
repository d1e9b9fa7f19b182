"""Migration operations: SQL files with a name, row security with FORCE, grants."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from django.db.migrations.operations import RunSQL

#: Visible to those whose organisations hold a live agreement for the case's audience, for the purpose they act for.
BY_AUDIENCE = "audience_id = any((select app_audiences())::uuid[])"
#: Visible to the caller who holds, or held minutes ago, a task of the case.
BY_CLAIM = "case_id = any((select app_claimed_cases())::uuid[])"
#: Visible to the resident whose link it is: that there is a case, for as long as the link lives.
BY_LINK = "case_id = (select app_link_case())"
#: The same, for what was answered: from half an hour after the link was used nobody sees it by that link any more.
BY_ANSWERING_LINK = "case_id = (select app_link_case_to_answer())"
#: Visible to the resident whose link it is, in the browser a one-time code was typed in.
BY_PROVEN_LINK = "case_id = (select app_link_proven_case())"
CLINICIANS_ONLY = "'clinician' = any((select app_roles())::text[])"
WORKER_ONLY = "(select app_kind()) in ('worker', 'console')"


def sql_file(module_file: str, name: str) -> RunSQL:
    """Run `sql/<name>.sql` beside a room's migrations folder; `sql/<name>_undo.sql` takes it back."""
    folder = Path(module_file).parent.parent / "sql"
    undo = folder / f"{name}_undo.sql"
    return RunSQL((folder / f"{name}.sql").read_text(), undo.read_text() if undo.exists() else RunSQL.noop)


@dataclass(frozen=True)
class Policy:
    """One row-security policy: command is all, select, insert, update or delete; check defaults to using."""

    name: str
    using: str
    command: str = "all"
    check: str = ""

    def sql(self, table: str) -> str:
        """Write the CREATE POLICY statement for a table."""
        using = "" if self.command == "insert" else f" using ({self.using})"
        check = "" if self.command in ("select", "delete") else f" with check ({self.check or self.using})"
        return f"create policy {self.name} on {table} for {self.command}{using}{check};"


def row_security(table: str, policies: Sequence[Policy]) -> RunSQL:
    """Enable and FORCE row security on a table, so that even its owner sees only what a policy lets through."""
    enable = f"alter table {table} enable row level security; alter table {table} force row level security;"
    disable = f"alter table {table} no force row level security; alter table {table} disable row level security;"
    drops = " ".join(f"drop policy {policy.name} on {table};" for policy in policies)
    return RunSQL(enable + " ".join(policy.sql(table) for policy in policies), drops + disable)


def grant(table: str, **rights_by_role: str) -> RunSQL:
    """Grant rights on a table: `grant("cases_case", web="select, update")`. What is not granted errors, loudly."""
    grants = [f"grant {rights} on {table} to {role};" for role, rights in rights_by_role.items()]
    revokes = [f"revoke all on {table} from {role};" for role in rights_by_role]
    return RunSQL(" ".join(grants), " ".join(revokes))


def carries_its_case(table: str) -> RunSQL:
    """
    Tie a row's audience to its case's, in the database.

    A case that moves to another place changes its audience; every row downstream follows by the cascade.
    """
    name = f"{table}_audience_of_case"
    return RunSQL(
        f"alter table {table} add constraint {name} foreign key (case_id, audience_id)"
        " references cases_case (id, audience_id) on update cascade deferrable initially immediate;",
        f"alter table {table} drop constraint {name};",
    )
