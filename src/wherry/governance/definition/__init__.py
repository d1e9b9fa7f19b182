"""The two files of a programme this room reads: the hazard log and the agreements of those who take part."""

from wherry.governance.definition import agreements, hazards

__all__ = ["agreements", "hazards"]
