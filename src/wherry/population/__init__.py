"""
The population store: a directory of Parquet, its documented columns, and its own hash-chained ledger.

In:      a directory, made by linkage or handed in ready-made
Out:     SQL that gives every documented column with its documented type; atomic writes; hashes; a verifiable ledger
Never:   Django, a server, a personal value in the ledger or in a message
Hazards: H-09 (a list made from data nobody can reproduce)
Next:    feeds
"""

from wherry.population.store import Store, connect

__all__ = ["Store", "connect"]
