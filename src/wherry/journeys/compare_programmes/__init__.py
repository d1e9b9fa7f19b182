"""
Two versions of a programme beside each other, for those who sign: what changed in words, and what comes of it.

In:      two ProgrammeFiles, and a population store for who enters and who leaves
Out:     Compared (chapters of changes, outcomes of answers, values) and Population (counts, small ones hidden)
Never:   names a person, not by an id either; writes anything but a line in the store's ledger
Hazards: H-10 (a weakened version is signed because nobody saw what changed), H-12 (less urgent, unseen)
Next:    sign_off
"""

from wherry.journeys.compare_programmes.as_text import as_plain, lines_of, value_lines
from wherry.journeys.compare_programmes.comparing import compare
from wherry.journeys.compare_programmes.population import Population, over_a_store
from wherry.journeys.compare_programmes.population_text import population_lines, population_plain
from wherry.journeys.compare_programmes.types import Compared

__all__ = [
    "Compared",
    "Population",
    "as_plain",
    "compare",
    "lines_of",
    "over_a_store",
    "population_lines",
    "population_plain",
    "value_lines",
]
