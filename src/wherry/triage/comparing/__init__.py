"""
Two triage tables beside each other: which answers come to something else, and whether anything became less urgent.

Exact, by the same parting as the proof: questions no rule joins cannot change each other's outcome. Answers no
condition of either table tells apart are looked at once. A group still too large is sampled, and the words say so.
"""

from wherry.triage.comparing.looking import compare
from wherry.triage.comparing.types import Compared, Effect, Held, Kind, Statement

__all__ = ["Compared", "Effect", "Held", "Kind", "Statement", "compare"]
