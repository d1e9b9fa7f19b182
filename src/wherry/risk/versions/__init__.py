"""
Two versions of a definition over one store on one day: who enters, who leaves, and by which rule. In counts alone.

Where `difference` holds two runs of different days against each other, everything but the rules is the same here.
"""

from wherry.risk.versions.placing import between, between_definitions
from wherry.risk.versions.types import Balance, Between, Cause, InGroup, Version

__all__ = ["Balance", "Between", "Cause", "InGroup", "Version", "between", "between_definitions"]
