"""
Values every room speaks: identifiers, periods, actors, hashes, problems and errors.

In:      nothing
Out:     frozen values with their rules
Never:   Django, files, the network, the clock
Hazards: H-03 (two people taken for one through a damaged NHS number)
Next:    database
"""
