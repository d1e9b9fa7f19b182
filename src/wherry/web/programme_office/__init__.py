"""
The programme office: how far people have come, whether the sums agree, what arrived, what was decided, what is stuck.

In:      a request for the purpose of oversight
Out:     true counts of one's own programme, never a name; decisions in the log; sending stopped and started
Never:   a person; a reason anybody is on a list; a number of a programme one's organisations have no part in
Hazards: H-02 (a red flag nobody takes), H-06 (somebody falls between two rooms), H-09 (a list from stale data)
"""
