"""
Which version of a programme is in force: put forward, discussed, signed, released by stages, stopped.

In:      a programme's folder that every check found right, as one hashed whole
Out:     the version each check-in is opened under, and what may be sent under it
Never:   changes what was put forward; lets one person alone decide to contact residents
Hazards: H-10 (a wrong or weakened version of the rules is used)
Next:    population, feeds
"""
