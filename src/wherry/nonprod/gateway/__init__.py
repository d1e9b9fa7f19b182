"""
The sandbox gateway: a provider of texts, e-mails and letters that reaches invented people only.

Its own process, durable in SQLite, deliberately like the real ones: it takes the same reference twice as two
messages, sends receipts at least once and in no promised order, and can be told to misbehave.

In:      messages marked synthetic; what an invented resident texts back
Out:     what their telephones and letter-boxes show; receipts and replies to a callback address on this machine
Never:   a message that is not marked; a connection beyond this machine
Hazards: H-05 (message sent twice): its counts are the proof
Next:    outreach, through its sandbox client
"""
