"""The invented staff of the demonstration work for organisations that agreed to what they do."""

from __future__ import annotations

from wherry.foundation.content import content_folder
from wherry.journeys.read_programme import agreements
from wherry.nonprod.demo.personas import personas
from wherry.nonprod.demo.story import PROGRAMME, START_ON
from wherry.organisations.types import PURPOSE_OF_ROLE, Role
from wherry.programmes.files import load


def test_everybody_works_for_an_organisation_that_agreed_to_what_they_do() -> None:
    agreed = {
        (one.organisation, purpose)
        for one in agreements(files=load(content_folder("programmes") / PROGRAMME))
        if one.period.holds(START_ON)
        for purpose in one.takes_part
    }

    assert {(one.organisation, PURPOSE_OF_ROLE[Role(one.role)]) for one in personas()} <= agreed
