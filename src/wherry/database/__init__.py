"""
PostgreSQL itself: the server's life, its roles and secrets, the clock, the context row security reads.

In:      an actor
Out:     a transaction in which that actor, and nobody else, reads and writes
Never:   a connection-wide context; a superuser or a role that bypasses row security in the application
Hazards: H-08 (somebody sees a person they have no business with)
Next:    audit
"""
