"""The import contracts that import-linter has no words for. Each returns the imports that break it."""

from __future__ import annotations

from tests.support.imports import Import, Tree, is_under, room_of

# An allow-list: a list of what is forbidden once let sqlite3 through.
_PURE_STANDARD = (
    "__future__", "collections", "copy", "dataclasses", "datetime", "decimal", "difflib", "enum", "fractions",
    "functools", "itertools", "math", "operator", "re", "string", "types", "typing", "unicodedata", "uuid", "zoneinfo",
)  # fmt: skip
_PRIVATE = ("formats", "linkage", "engines", "channels")
# Rooms that join other rooms or speak for them. Only these may write through another room's actions.
_JOINERS = ("journeys", "web", "fhir_api", "commands", "nonprod")
_ANALYTICS = ("duckdb", "ibis", "splink", "pyarrow")
_GATEWAY_CLIENTS = ("notifications_python_client", "smtplib", "httpx")
_POPULATION_PLANE = ("wherry.population", "wherry.feeds", "wherry.people.linkage", "wherry.risk", "wherry.nonprod")
_SITES = tuple(
    f"wherry.web.{site}" for site in ("person", "support_team", "clinicians", "partners", "programme_office")
)
_CLOSED_TO_RESIDENTS = tuple(f"wherry.{room}" for room in ("risk", "review", "worklist", "referrals", "evaluation"))


def _file_in_room(name: str) -> str:
    parts = name.split(".")
    return parts[2] if parts[0] == "wherry" and len(parts) > 2 else ""


def impure_imports(tree: Tree) -> list[Import]:
    """
    Types and errors stand on values alone; rules and definitions also on rules, their own or an earlier room's.

    A rule that calls an earlier room's rule is as pure as both, and the order of the rooms binds it all the same.
    """
    return [found for found in tree.imports if not _is_pure(found)]


def _is_pure(found: Import) -> bool:
    kind = _file_in_room(found.importer)
    if kind not in ("rules", "types", "errors", "definition"):
        return True
    if is_under(found.imported, *_PURE_STANDARD, "wherry.foundation"):
        return True
    open_files = {"types", "errors"}
    if kind in ("rules", "definition"):
        open_files.add("rules")
    if kind == "definition" or room_of(found.imported) == room_of(found.importer):
        open_files.add("definition")
    return room_of(found.imported) != "" and _file_in_room(found.imported) in open_files


def broken_privacy(tree: Tree) -> list[Import]:
    """
    Another room's formats, linkage, engines and channels are its own affair.

    Linkage and engines have an `actions` and `types` of their own, which are as open as a room's.
    """
    return [
        found
        for found in tree.imports
        if _is_foreign(found)
        and _file_in_room(found.imported) in _PRIVATE
        and not found.imported.endswith((".actions", ".types"))
        and not is_under(found.imported, *(f"wherry.people.linkage.{file}" for file in ("actions", "types")))
    ]


def borrowed_models(tree: Tree) -> list[Import]:
    """Another room's tables, save where a table's key must name them."""
    return [
        found
        for found in tree.imports
        if _is_foreign(found)
        and _file_in_room(found.imported) == "models"
        and _file_in_room(found.importer) not in ("models", "migrations")
    ]


def _is_foreign(found: Import) -> bool:
    # config is wiring: it names everything, and is known by nobody.
    return room_of(found.imported) not in ("", room_of(found.importer)) and room_of(found.importer) != "config"


def stolen_actions(tree: Tree) -> list[Import]:
    """A room's actions are for those who join rooms, so that `journeys` tells the whole story. Audit's are for all."""
    return [
        found
        for found in tree.imports
        if _file_in_room(found.imported) == "actions"
        and room_of(found.imported) not in ("audit", room_of(found.importer))
        and room_of(found.importer) not in _JOINERS
    ]


def direct_analytics(tree: Tree) -> list[Import]:
    """The care plane reaches analytics and gateways only through the rooms that own them."""
    on_django_side = {found.importer for found in tree.imports if is_under(found.imported, "django")}
    return [
        found
        for found in tree.imports
        if (
            is_under(found.imported, *_ANALYTICS)
            and (found.importer in on_django_side or not is_under(found.importer, *_POPULATION_PLANE))
        )
        or (
            is_under(found.imported, *_GATEWAY_CLIENTS)
            and not is_under(found.importer, "wherry.outreach.channels", "wherry.nonprod", "wherry.commands")
        )
    ]


def residents_side_reaching_in(tree: Tree) -> list[Import]:
    """The residents' site never names the rooms that hold what others decided about a resident."""
    return [
        found
        for found in tree.imports
        if is_under(found.importer, "wherry.web.person") and is_under(found.imported, *_CLOSED_TO_RESIDENTS)
    ]


def entangled_sites(tree: Tree) -> list[Import]:
    """Each site stands alone; what they share is in components, which knows none of them."""
    return [
        found
        for found in tree.imports
        for site in _SITES
        if is_under(found.imported, site)
        and is_under(found.importer, "wherry.web.components", *_SITES)
        and not is_under(found.importer, site)
    ]
