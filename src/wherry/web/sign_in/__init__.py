"""
Signing in: who a member of staff is, and for which purpose they act in this session.

In:      an e-mail address and a password
Out:     an actor, for one purpose, in a transaction of their own
Never:   a page that says whether an address is known; a session that outlives a membership
Hazards: H-08 (somebody sees a person they have no business with)
"""
