"""
Cases become contacts made: which step is next, whether it may leave, what became of it.

In:      cases, `people.types.Reachable`, a programme's cadence and messages
Out:     intents, attempts with their states, call tasks to make, the exhausted with their owner
Never:   a message without a durable intent before it; a second hand-off while the first is in doubt; a condition,
         programme or clinic named in a message
Hazards: H-01 (contact after death), H-05 (message sent twice), H-06 (unreachable person forgotten)
Next:    checkin
"""
