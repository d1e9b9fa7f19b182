-- People with an open case by the days from its opening to the first contact made. bucket: how many of the bounds the
-- wait was longer than; null: nobody has contacted them yet. Just at a bound counts as within it.
-- The first contacts are found in one pass: asked case by case, they cost ten times as much.
with audiences as (select id from governance_audience where programme = %(programme)s),
     firsts as (
        select case_id, min(coalesce(attempted_at, intended_at)) as at
          from outreach_attempt
         where audience_id in (select id from audiences) and state = any(%(made)s)
         group by case_id)
select width_bucket(
           extract(epoch from f.at - c.opened_at)::float8, array(select 86400 * d + 1 from unnest(%(days)s::int[]) d)::float8[]
       ) as bucket, count(*)
  from cases_case c left join firsts f on f.case_id = c.id
 where c.programme = %(programme)s and c.closed_at is null
 group by 1
