"""
May this actor do that, to them, for this purpose? Agreements, audiences, permissions, decisions.

In:      an actor; agreements with dates
Out:     yes, or a refusal that says why; the audiences row security lets them see
Never:   a flow without a live agreement; a permission implied by a link alone
Hazards: H-08 (somebody sees a person they have no business with)
Next:    programmes
"""
