"""
One client per provider, all with one face: hand a message off, look one up by its reference.

In:      a reference, an address, words
Out:     the provider's id, or an error that says what is certain
Never:   a decision; a retry of its own; a message to anybody but the configured provider
Hazards: H-05 (message sent twice)
Next:    the actions of outreach
"""
