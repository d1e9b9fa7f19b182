"""
Signing in: who a member of staff is, and for whom and which purpose they act in this session.

In:      an e-mail address, a password, a code from their telephone
Out:     an actor, for one organisation and one purpose, in a transaction of their own
Never:   a page that says whether an address is known; a code taken twice; a session that outlives a membership
Hazards: H-08 (somebody sees a person they have no business with)
"""
