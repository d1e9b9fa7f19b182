"""
A synthetic county as the files that really arrive, dirt included, from a seed. Nobody in it exists.

In:      how many people, a seed, the first day
Out:     one file per sender as its contract in `feeds/` describes it, and `truth.json` for tests and the simulated
Never:   a real person's number, address or telephone; a clock; a file outside the folder given
Hazards: H-03 (two people taken for one): twins, fathers and sons and shared numbers are here on purpose
Next:    the demo
"""

from wherry.nonprod.county.county import CountyFiles, DeliveryFiles, write_county

__all__ = ["CountyFiles", "DeliveryFiles", "write_county"]
