"""
Settings, addresses and wiring: known by nobody, knowing everybody.

In:      the environment and the secrets of the home folder
Out:     a configured process: a site, a worker or a command
Never:   a default key outside its own home; a rule
Hazards: H-16 (one site's flaw reaching the other)
"""
