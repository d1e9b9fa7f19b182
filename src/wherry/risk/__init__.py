"""
Who is at risk, in which category, and why: person + facts + a programme's definition → explained risk.

In:      population (persons, facts), a programme's `risk.yaml` and codelists
Out:     one row per person and category with its reasons; a sidecar to reproduce the run by; one person explained
Never:   Django, a clock, a reason without its date and source, a default in place of a missing input
Hazards: H-09 (a list made from data nobody can reproduce), H-11 (a person at risk left off the list)
Next:    review
"""
