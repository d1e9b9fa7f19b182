"""
The clinicians' site: who is on the list, why, who should not be, who is missing, and the signature.

In:      a clinician's request, for the purpose of care
Out:     pages with reasons in plain words; decisions with their reason and the day they are asked about again
Never:   a rule of its own; a person outside the lists of an audience the clinician's organisations agreed to
Hazards: H-09 (a list signed that nobody saw), H-14 (a reason shown to somebody who is not a clinician)
"""
