"""
The person site: a resident answers by a link, without an account; and a provider's callbacks come in.

In:      a link or a typed code, a date of birth, answers; "stop", "this is not me", "the person has died"
Out:     pages in the resident's language, without JavaScript; what was said, stored before it is acknowledged
Never:   anything stored about a person; a different answer to a link that is unknown, used, locked or out of date
Hazards: H-02 (a red flag not seen), H-15 (a link in the wrong hands), H-01 (contact after death)
Next:    support_team
"""
