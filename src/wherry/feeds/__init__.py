"""
A partner's file → accepted records and quarantined rows with reasons. What a file means is a contract in `feeds/`.

In:      files as they arrive, a contract by name, a population store
Out:     one immutable batch per delivery: records, facts, contact points, wishes, quarantine, warnings, rows
Never:   a silent repair, a dropped row, a sender's name in the code, half a delivery
Hazards: H-03 (two people taken for one through a damaged number), H-09 (rows lost between sender and list)
Next:    people
"""
