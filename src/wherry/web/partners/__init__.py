"""
The partners' site: what is asked of a service, with the least it must know; accept, decline, done.

In:      a partner's request, for the purpose of delivery
Out:     an inbox by clock, and a call to action answered
Never:   anything of the person beyond the fields the programme shares with this service
Hazards: H-13 (help asked for and never given), H-14 (a condition shown to somebody who needs only the need)
"""
