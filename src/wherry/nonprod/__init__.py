"""
What a production install refuses to load: the synthetic county, personas, the sandbox gateway, the demonstration.

In:      a seed
Out:     files as they really arrive, invented residents, a provider that reaches them only
Never:   anything about a real person; a connection beyond this machine
Hazards: none of its own: it is where they are rehearsed
Next:    nothing
"""
