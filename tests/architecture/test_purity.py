"""The contracts of tests/support/contracts.py: each holds, and each is seen to bite on a planted line."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from tests.support import contracts
from tests.support.imports import Import, Tree, room_of

Contract = Callable[[Tree], list[Import]]
CONTRACTS: tuple[Contract, ...] = (
    contracts.impure_imports,
    contracts.broken_privacy,
    contracts.borrowed_models,
    contracts.stolen_actions,
    contracts.direct_analytics,
    contracts.residents_side_reaching_in,
    contracts.entangled_sites,
)
PLANTED: tuple[tuple[Contract, str, str], ...] = (
    (contracts.impure_imports, "triage/rules.py", "import sqlite3"),
    (contracts.impure_imports, "risk/types.py", "from django.db import models"),
    (contracts.impure_imports, "triage/rules.py", "def late():\n    import os"),
    (contracts.impure_imports, "checkin/definition.py", "import yaml"),
    (contracts.impure_imports, "outreach/rules/gate.py", "import os"),
    (contracts.borrowed_models, "referrals/queries.py", "from wherry.cases.models import Case"),
    (contracts.borrowed_models, "web/planted.py", "from wherry.cases import models"),
    (contracts.broken_privacy, "web/planted.py", "from wherry.people.linkage import settings"),
    (contracts.broken_privacy, "web/planted.py", "from wherry.outreach.channels.http import send"),
    (contracts.stolen_actions, "referrals/planted.py", "from wherry.cases.actions import open_case"),
    (contracts.direct_analytics, "cases/planted.py", "def late():\n    import duckdb"),
    (contracts.direct_analytics, "risk/actions.py", "import ibis\nfrom django.db import transaction"),
    (contracts.direct_analytics, "web/planted.py", "import httpx"),
    (contracts.residents_side_reaching_in, "web/person/planted.py", "from wherry.risk import types"),
    (contracts.residents_side_reaching_in, "web/person/planted.py", "from ...review.queries import lists"),
    (contracts.entangled_sites, "web/person/planted.py", "from wherry.web.clinicians import views"),
    (contracts.entangled_sites, "web/components/planted.py", "import wherry.web.partners.views"),
)


# Rooms that read another room's tables rather than ask its queries. The list may only grow shorter.
BORROWERS: Mapping[str, frozenset[str]] = {
    "cases": frozenset(["governance", "organisations", "people"]),
    "checkin": frozenset(["cases"]),
    "evaluation": frozenset(
        ["cases", "checkin", "governance", "outreach", "referrals", "review", "triage", "worklist"]
    ),
    "governance": frozenset(["organisations"]),
    "journeys": frozenset(
        [
            "cases",
            "checkin",
            "organisations",
            "outreach",
            "people",
            "referrals",
            "review",
            "sign_off",
            "triage",
            "worklist",
        ]
    ),
    "nonprod": frozenset(
        ["cases", "checkin", "organisations", "outreach", "people", "referrals", "review", "sign_off", "worklist"]
    ),
    "outreach": frozenset(["cases"]),
    "referrals": frozenset(["organisations", "triage"]),
    "review": frozenset(["governance"]),
    "triage": frozenset(["checkin"]),
    # Mostly the type of what a query gave: sites name it, and ask for nothing by it.
    "web": frozenset(["checkin", "organisations", "people", "referrals", "review", "sign_off", "worklist"]),
    "worklist": frozenset(["cases", "organisations"]),
}


@pytest.mark.parametrize("contract", [contract for contract in CONTRACTS if contract is not contracts.borrowed_models])
def test_a_contract_holds(contract: Contract) -> None:
    assert [str(found) for found in contract(Tree())] == []


def test_no_room_borrows_tables_it_did_not_borrow_before() -> None:
    borrowed = contracts.borrowed_models(Tree())

    new = [
        str(found) for found in borrowed if room_of(found.imported) not in BORROWERS.get(room_of(found.importer), ())
    ]

    assert new == []


def test_a_debt_repaid_is_struck_off_the_list() -> None:
    still = {(room_of(found.importer), room_of(found.imported)) for found in contracts.borrowed_models(Tree())}

    assert {(borrower, lender) for borrower, lenders in BORROWERS.items() for lender in lenders} <= still


@pytest.mark.parametrize(("contract", "where", "line"), PLANTED)
def test_a_contract_bites(tmp_path: Path, contract: Contract, where: str, line: str) -> None:
    planted = tmp_path / "wherry" / where
    planted.parent.mkdir(parents=True)
    planted.write_text(f"{line}\n")

    assert contract(Tree(source=tmp_path)) != []


def test_every_contract_has_a_line_that_breaks_it() -> None:
    assert {contract for contract, _, _ in PLANTED} == set(CONTRACTS)


def test_the_reader_sees_this_tree() -> None:
    tree = Tree()

    assert {"foundation", "database", "audit"} <= tree.rooms
    assert len(tree.imports) > len(tree.modules)
