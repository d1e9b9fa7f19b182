"""
Damage a triage table in every small way there is, and see that a check finds each: is what guards it worth its name?

Deterministic and exhaustive over the table. A mutant is caught by a case or by a property the check proves; one that no
combination of answers tells from the table is equivalent, and said to be; all others survived, which is a case missing.
Hazards: H-02 (a red flag is not seen), H-10 (weakened rules), H-12 (worse made less urgent).
"""

from wherry.nonprod.triage_mutation.mutants import Mutant, mutants
from wherry.nonprod.triage_mutation.trying import Fate, Tried, try_all

__all__ = ["Fate", "Mutant", "Tried", "mutants", "try_all"]
