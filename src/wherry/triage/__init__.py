"""
Answers become needs and red flags, each with the rule that found it.

In:      a check-in's answers, the case's tier and age; a programme's triage.yaml
Out:     a decision: needs with urgency, red flags with fixed words to say, the red-flag questions not answered
Never:   says what somebody has, or that they are fine; reads meaning into free text; takes "unanswered" for "no"
Hazards: H-02 (a red flag is not seen), H-12 (a rule's change makes a worse answer less urgent)
Next:    worklist
"""
