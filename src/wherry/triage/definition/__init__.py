"""
`triage.yaml`: a decision table clinicians can read. Each row: `when` → need, urgency, red flag, what to say.

`when` names questions and what is known of the person. All of its lines must hold; under `any:` one of a list.
  breathless: at least at_rest    this answer or any worse one, by the questionnaire's order
  food: is not_sure               exactly this answer; never for a red flag on answers that have an order
  anything_else: any answer       it was answered
  rather_say: true                yes to a yes/no question
  tier: at least 2 · age: at least 75   what is known of the person; not known counts as the worse case
"""

from wherry.triage.definition.faults import problems
from wherry.triage.definition.reading import parse
from wherry.triage.definition.schema import SCHEMA, SECTION

__all__ = ["SCHEMA", "SECTION", "parse", "problems"]
