"""
Who did or saw what, when and why; append-only, hash-chained, signed.

In:      an actor and what they did, in the transaction of the deed
Out:     a chain anyone can verify offline
Never:   a personal value (ids are opaque, so a person can be erased and the chain still holds)
Hazards: H-08 (a look nobody can account for), H-17 (the record changed or cut short)
Next:    organisations
"""
