"""
What a run read of everybody, kept in the store, so that the next run looks only at those of whom something differs.

Kept are the facts on any list of the definition, the fields of each person it may read, and for each person the next
day on which time alone may change the answer. It is derived: delete it, and the next run looks at everybody.
"""
