-- Who answered, when and by which channel, without a word of what they said: for those who count.
-- The view reads as the schema's owner, who is bound by row security too; this policy speaks to the owner alone, so no
-- login of the application can pass by the view and read the answers.

create policy counted on checkin_response for select to owner using (audience_id = any((select app_audiences())::uuid[]));

create view checkin_answered with (security_barrier = true) as
    select id, case_id, audience_id, channel, submitted_at from checkin_response;
grant select on checkin_answered to web, worker;
