"""
Which records are one person: an append-only map of record → person, and the store's tables written from it.

In:      landed batches (records, facts, contact points, wishes)
Out:     persons, contact_points, wishes, facts of the population store; a review queue for what a person should look at
Never:   a cluster holding a hard conflict; a link that cannot be undone; a value of a person in a message
Hazards: H-03 (two people taken for one), H-01 (contact after death: a death on any feed counts)
Next:    risk
"""
