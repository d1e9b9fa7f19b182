"""
The same actions and queries from a terminal: `wherry …`.

In:      arguments, files, standard input
Out:     text or JSON on standard output, one sentence on standard error, a documented exit code
Never:   a traceback for something anticipated; a person's data in a message; work the journeys do not know
Hazards: H-10 (a wrong version of the rules is used)
Next:    nonprod
"""
