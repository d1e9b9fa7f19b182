"""
From explained risk to an agreed list: what clinicians take off, add and sign.

In:      a frozen stratification run
Out:     a signed list, bound to the hash of exactly what was seen
Never:   an automatic removal; a reason shown to anyone but a clinician
Hazards: H-09 (somebody wrongly listed), H-11 (somebody wrongly left out)
Next:    cases
"""
