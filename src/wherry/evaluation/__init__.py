"""
What the whole chain came to: counts, sums that must agree, timeliness, equity. Recomputed from the rows, never kept.

In:      a programme, and who asks
Out:     frozen counts; the sentences that say which sums differ; groups left behind
Never:   a name, an id, an answer or a reason; a running total that could drift from the rows
Hazards: H-06 (somebody falls between two rooms), H-02 (a red flag nobody takes)
Next:    journeys, web
"""
