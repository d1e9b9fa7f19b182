"""
A check-in: one questionnaire, versioned as data, for web, telephone, letter and text message.

In:      an invitation, or somebody ringing; a programme's questionnaire.yaml (a FHIR R4 Questionnaire)
Out:     answers, exactly as given, with who answered and by which channel
Never:   a condition's name on a page; a guess at what was not answered; what somebody answered before
Hazards: H-02 (a red flag is not seen), H-15 (someone else reads or gives the answers)
Next:    triage
"""
