"""
The schemas of a programme's files, for editors: `python -m wherry.nonprod.schemas NAME`; without a name, the names.

`make docs` writes them into `schemas/`; a test fails while they say something else than the source.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from typing import Any

from wherry.checkin import definition as checkin
from wherry.evaluation import definition as evaluation
from wherry.governance.definition import agreements, hazards
from wherry.outreach import definition as outreach
from wherry.programmes import codelists, refused_words
from wherry.programmes import definition as programmes
from wherry.referrals import definition as referrals
from wherry.review import definition as review
from wherry.risk import definition as risk
from wherry.risk import examples as risk_cases
from wherry.triage import definition as triage
from wherry.triage import examples as triage_cases
from wherry.worklist import definition as worklist

_ROOMS = (programmes, agreements, hazards, risk, review, outreach, checkin, triage, worklist, referrals, evaluation)
SCHEMAS: Mapping[str, Mapping[str, Any]] = {
    **{room.SECTION: room.SCHEMA for room in _ROOMS},
    "messages": outreach.MESSAGES_SCHEMA,
    "telling": outreach.TELLING_SCHEMA,
    "codelist": codelists.SCHEMA,
    "refused_words": refused_words.SCHEMA,
    "triage_cases": triage_cases.SCHEMA,
    "risk_cases": risk_cases.SCHEMA,
}


def written(name: str) -> str:
    """Write one schema as it stands in `schemas/`."""
    return json.dumps(SCHEMAS[name], indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    sys.stdout.write(written(sys.argv[1]) if len(sys.argv) > 1 else " ".join(SCHEMAS) + "\n")
