"""
What needs a person becomes tasks, held by one person at a time.

In:      cases, red flags, silence, calls to make, needs nobody takes; a programme's call script
Out:     tasks by priority, leases, outcomes of calls, the hops of an escalation
Never:   a diagnosis on a caller's screen; a task without an owner or a clock; a call to somebody who died
Hazards: H-02 (red flag unseen), H-06 (unreachable person forgotten), H-01 (contact after death)
Next:    referrals
"""
