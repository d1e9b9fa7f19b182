"""
Needs become calls to action at a partner: offered, answered in time, done, and confirmed by the resident.

In:      needs of triage, a programme's services
Out:     calls to action with a clock, their outcomes, and those no service can take, with their owner
Never:   more of a person than the service's listed fields; a diagnosis; a receipt taken for an acceptance
Hazards: H-13 (help asked for and never given), H-04 (address given away)
Next:    evaluation
"""
