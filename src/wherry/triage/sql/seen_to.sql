-- Which red flags of a link's own check-in somebody has seen to: whether, and nothing else of what staff did. A
-- resident's page calls nothing urgent any more that was rung about already.
-- The function reads as the schema's owner, who is bound by row security too: this policy speaks to the owner alone.
create policy seen_to on triage_redflag for select to owner
    using ((select app_kind()) = 'link' and case_id = (select app_link_case_to_answer()));

create function app_link_flags_seen_to() returns text[]
language plpgsql stable security definer set search_path = public, pg_temp as $$
begin
    if app_kind() is distinct from 'link' or app_token() = '' then return '{}'; end if;
    return coalesce((
        select array_agg(f.flag order by f.flag)
          from checkin_invitation i join triage_redflag f on f.occurrence_id = i.occurrence_id
         where i.token_sha256 = app_token() and i.case_id = app_link_case_to_answer() and f.closed_at is not null), '{}');
end $$;
