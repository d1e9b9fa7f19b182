"""
The support team's site: the next call, what to say, what was answered, how it ended.

In:      a claimed task; answers and outcomes a caller writes down
Out:     the person's name, language and way of speaking, their numbers, the script; answers stored, tasks finished
Never:   a diagnosis, a reason somebody is on a list, a person whose task the caller does not hold
Hazards: H-14 (a condition on a caller's screen), H-02 (a red flag not seen), H-01 (contact after death)
Next:    clinicians
"""
