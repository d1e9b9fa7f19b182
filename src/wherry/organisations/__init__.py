"""
Partners, teams, staff, and who works where in which role.

In:      a directory of organisations and people who work in them
Out:     an actor: this person, for these organisations, in these roles, for one purpose
Never:   residents
Hazards: H-08 (a leaver who still sees people)
Next:    governance
"""
