-- Who may see one case without seeing a whole audience: the caller holding its task, the resident holding its link.

-- Every policy asks this, on every table of a statement: what it compares with is worked out once, so that the index on
-- (claimed_by, state, done_at) serves, and whoever cannot hold a task is answered without a look at any. Of what they
-- have done, somebody sees the last alone, to put a slip right: the calls before it are none of their business any more.
create function app_claimed_cases() returns uuid[]
language plpgsql stable security definer set search_path = public, pg_temp as $$
declare
    me text := app_actor();
    working uuid[] := app_working_audiences();
    moment timestamptz := app_now();
begin
    if app_kind() is distinct from 'staff' or cardinality(working) = 0 then return '{}'; end if;
    return coalesce((select array_agg(distinct sight.case_id) from (
        select t.case_id from worklist_task t
         where t.claimed_by = me and t.state = 'claimed' and t.leased_until > moment and t.audience_id = any(working)
        union all
        (select t.case_id from worklist_task t
          where t.claimed_by = me and t.state = 'done' and t.done_at > moment - interval '30 minutes'
            and t.audience_id = any(working)
          order by t.done_at desc, t.id limit 1)) sight), '{}');
end $$;

create function app_link_case() returns uuid
language plpgsql stable security definer set search_path = public, pg_temp as $$
declare
    token text := app_token();
    moment timestamptz;
begin
    if token = '' or app_kind() is distinct from 'link' then return null; end if;
    moment := app_now();
    -- The lead's own agreement must live: when the basis ends, so does the link, save for saying stop.
    return (select i.case_id from checkin_invitation i
             where i.token_sha256 = token
               and i.state in ('open', 'locked', 'used') and i.expires_at > moment
               and exists (
                   select from governance_audience a join governance_agreement g
                       on g.programme = a.programme and (g.place = '' or g.place = a.place)
                    where a.id = i.audience_id and g.organisation_id = a.lead_organisation_id
                      and g.starts_at <= moment and (g.ends_at is null or g.ends_at > moment)));
end $$;

-- What was answered stands open no longer than half an hour after the answers were sent: somebody else may hold the
-- telephone by then. A used link still says that it was used, to whoever knows the date of birth.
create function app_link_case_to_answer() returns uuid
language plpgsql stable security definer set search_path = public, pg_temp as $$
declare
    token text := app_token();
    moment timestamptz;
begin
    if token = '' or app_kind() is distinct from 'link' then return null; end if;
    moment := app_now();
    return (select i.case_id from checkin_invitation i
             where i.token_sha256 = token and i.case_id = app_link_case()
               and (i.state <> 'used' or i.used_at > moment - interval '30 minutes'));
end $$;

-- The same case, for the one browser in which a one-time code was right, until it was left alone for 15 minutes.
create function app_link_proven_case() returns uuid
language plpgsql stable security definer set search_path = public, pg_temp as $$
begin
    if app_proof() = '' or app_kind() is distinct from 'link' then return null; end if;
    return (select a.case_id from checkin_codeasked a join checkin_invitation i on i.id = a.invitation_id
             where a.proof_sha256 = app_proof() and i.token_sha256 = app_token() and a.case_id = app_link_case()
               and a.ended_at is null and a.seen_at > app_now() - interval '15 minutes');
end $$;

-- Whether somebody else has the mobile number of the link's holder: then a first name is asked for too.
create function app_link_shares_mobile() returns boolean
language plpgsql stable security definer set search_path = public, pg_temp as $$
begin
    return exists (select 1 from people_contact_point c
                    where c.person_id = app_link_person() and c.kind = 'mobile' and c.is_shared and c.wrong_since is null);
end $$;

create function app_link_person() returns uuid
language plpgsql stable security definer set search_path = public, pg_temp as $$
begin
    -- Asks no table unless a link is there: a policy on cases may look at people, whose policies ask this.
    if app_kind() is distinct from 'link' then return null; end if;
    return (select c.person_id from cases_case c where c.id = app_link_case());
end $$;

-- Whoever holds any link we ever made may say stop, "not me" or "they have died", however old the link is.
create function app_token_person() returns uuid
language plpgsql stable security definer set search_path = public, pg_temp as $$
begin
    if app_kind() is distinct from 'link' or app_token() = '' then return null; end if;
    return (select i.person_id from checkin_invitation i where i.token_sha256 = app_token());
end $$;

-- Whether the person of a link that was ended asked us to stop: said to nobody who does not know when they were born.
-- The function reads as the schema's owner, who is bound by row security too: these policies speak to the owner alone.
create policy stopped_by_link on people_person for select to owner
    using ((select app_kind()) = 'link' and id = (select app_token_person()));
create policy stopped_by_link on people_wish for select to owner
    using ((select app_kind()) = 'link' and kind = 'stop' and person_id = (select app_token_person()));

create function app_token_stopped(born date) returns boolean
language plpgsql stable security definer set search_path = public, pg_temp as $$
begin
    if app_kind() is distinct from 'link' or app_token() = '' then return false; end if;
    return exists (select 1 from checkin_invitation i
                     join people_person p on p.id = i.person_id
                     join people_wish w on w.person_id = p.id
                    where i.token_sha256 = app_token() and i.state = 'revoked' and i.expires_at > app_now()
                      and p.birth_date = born and w.kind = 'stop' and w.ends_on is null);
end $$;

-- What the tasks somebody holds are about: the text they are asked to read, say.
create function app_claimed_subjects() returns uuid[]
language plpgsql stable security definer set search_path = public, pg_temp as $$
declare
    me text := app_actor();
    working uuid[] := app_working_audiences();
    moment timestamptz := app_now();
begin
    if app_kind() is distinct from 'staff' or cardinality(working) = 0 then return '{}'; end if;
    return coalesce((
        select array_agg(distinct t.about_id) from worklist_task t
         where t.claimed_by = me and t.state = 'claimed' and t.leased_until > moment
           and t.audience_id = any(working)), '{}');
end $$;

create function app_claimed_people() returns uuid[]
language plpgsql stable security definer set search_path = public, pg_temp as $$
declare
    claimed uuid[] := app_claimed_cases();
begin
    if claimed = '{}' then return '{}'; end if;
    return coalesce((select array_agg(c.person_id) from cases_case c where c.id = any(claimed)), '{}');
end $$;

-- A person is seen by the audiences of their cases.
create function cases_follow_audiences() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    -- Whom a case was taken from goes out of its audience's sight too.
    update people_person p set audience_ids = coalesce(
        (select array_agg(distinct c.audience_id) from cases_case c where c.person_id = p.id), '{}')
     where p.id in (new.person_id, old.person_id);
    return null;
end $$;
create trigger cases_follow_audiences after insert or update of audience_id, person_id on cases_case
    for each row execute function cases_follow_audiences();
