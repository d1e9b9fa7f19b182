"""
Programmes in people's hands: read, commented on, signed, released and stopped, on one site every role can open.

In:      versions of programmes as `sign_off` keeps them
Out:     the pages under /programmes/; what each does is an action of `sign_off` or a journey
Never:   names a resident; lets somebody do what their role may not, by whichever of their roles they came in
Hazards: H-10 (a wrong or weakened version of the rules is used)
Next:    journeys/put_forward, journeys/go_live
"""
