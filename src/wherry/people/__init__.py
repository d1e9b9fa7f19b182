"""
Records from many senders become one person: identity, contact points, wishes, household, death.

In:      accepted records of feeds
Out:     persons with opaque ids, `Reachable` for those who decide on contacts
Never:   diagnoses or scores; links on a name alone; a merge that cannot be undone
Hazards: H-03 (two people taken for one), H-01 (contact after death), H-04 (address given away)
Next:    risk
"""
