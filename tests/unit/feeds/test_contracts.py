"""The contracts shipped with the project are right, and a wrong one is named by file."""

from __future__ import annotations

from pathlib import Path

import pytest

from wherry.feeds import queries
from wherry.feeds.errors import ContractWrong

_HEAD = "{name: c, title: t, sender: s, source: s, kind: delta, format: csv, freshness_days: 1,"
SHIPPED = (
    "adult_social_care ambulance deaths fhir gp_events gp_prescriptions gp_register hospital nhs_number_changes"
    " opt_outs partner_directory power_cut priority_services self_registrations shielded_list warm_homes"
).split()


def test_every_shipped_contract_passes_its_schema_and_checks() -> None:
    assert [one.name for one in queries.contracts()] == SHIPPED


def test_an_unknown_contract_is_refused_with_the_known_ones_named() -> None:
    with pytest.raises(ContractWrong, match="called gp; there are: adult_social_care"):
        queries.contract(name="gp")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: [", "not readable as YAML"),
        ("name: c\n", "required property"),
        (
            _HEAD + " columns: {a: {}}, record: {nhs_number: b}}",
            "no column is called b",
        ),
        (
            _HEAD + " columns: {rule: {}}}",
            "no column may be called rule",
        ),
        (
            _HEAD + " columns: {a: {headers: [B]}, b: {}}}",
            "means two columns",
        ),
        (
            _HEAD + " columns: {u: {}}, lives_at: {uprn: u}, entries: true, require_any: [[u]], facts: [{code: u}]}",
            "is about an address, not a person",
        ),
        (
            _HEAD + " columns: {u: {}, v: {}}, lives_at: {uprn: u}, require_any: [[u], [v]], facts: [{code: u}]}",
            "may name no address",
        ),
        (
            _HEAD + " columns: {u: {}}, lives_at: {uprn: u}, require_any: [[u]]}",
            "says whom facts are about, and there are none",
        ),
    ],
)
def test_a_wrong_contract_is_refused_in_one_sentence(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "c.yaml"
    file.write_text(text)
    with pytest.raises(ContractWrong, match=said):
        queries.read_contract(file=file)
