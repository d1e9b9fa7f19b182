"""
The only place where rooms are joined: one file per step, read in order it is the story.

In:      what an interface was asked to do, by whom, when
Out:     the same, carried through every room it concerns
Never:   a rule of its own; words or pages; a clock
Hazards: H-01 (contact after death), H-02 (a red flag is not seen), H-06 (somebody unreachable is forgotten)
Next:    web, fhir_api, commands
"""
