"""
The case: one person in one programme; who leads, where, who may see it, and how it stands.

In:      a signed list, or somebody who asks
Out:     one case, one occurrence per check-in due, one state each
Never:   a diagnosis; two open cases of one person in one programme
Hazards: H-06 (somebody on the list whom nobody reaches and nobody owns)
Next:    outreach
"""
