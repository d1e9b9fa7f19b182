"""
The only place where rooms are joined: one file per step; read in order, they are the story.

receive_feed → find_people_at_risk → agree_the_list → reach_out → hand_off → what_became → take_checkin →
work_the_list (during_a_call, ring_in, supervise_calls, follow_calls, own_red_flags) → call_to_action → close_the_loop;
beside them stop_contact (read_texts, follow_wishes), follow_the_store, restored and check_programme;
`turn` is what the worker does again and again.

In:      what a person, a partner or the clock brings
Out:     the next step, and the work somebody must do
Never:   a rule of its own: rules live in the rooms
Hazards: H-06 (somebody falls between two rooms)
"""
