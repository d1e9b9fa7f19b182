-- The audiences an actor may see now. Read once per statement; an agreement's end takes effect at the next one. Every
-- policy asks: what an actor is, is worked out once a call, and whoever can see none is answered without a look at any.

-- The audiences for which one of these organisations holds a live agreement; with no organisations, for which the
-- lead's own agreement lives. For a purpose, or ('') for any.
create function app_agreed_audiences(organisation_ids uuid[], for_purpose text)
returns uuid[] language plpgsql stable security definer set search_path = public, pg_temp as $$
declare
    moment timestamptz := app_now();
begin
    return coalesce((
        select array_agg(a.id) from governance_audience a
         where exists (
            select from governance_agreement g
             where g.programme = a.programme and (g.place = '' or g.place = a.place)
               and g.starts_at <= moment and (g.ends_at is null or g.ends_at > moment)
               and case when organisation_ids is null then g.organisation_id = a.lead_organisation_id
                        else g.organisation_id = any(organisation_ids) end
               and (for_purpose = '' or for_purpose = any(g.purposes)))), '{}');
end $$;
-- It answers for organisations its caller names: only the functions below, which name the actor's own, may ask it.
revoke all on function app_agreed_audiences(uuid[], text) from public;

-- Whole cases: those who supervise, treat or oversee, and the worker while the lead's own agreement lives.
create function app_audiences() returns uuid[]
language plpgsql stable security definer set search_path = public, pg_temp as $$
declare
    kind text := app_kind();
    purpose text := app_purpose();
begin
    if kind in ('worker', 'console') then return app_agreed_audiences(null, ''); end if;
    if kind = 'staff' and purpose not in ('', 'delivery')
       and app_roles() && array['supervisor', 'clinician', 'programme_lead', 'analyst',
                                'information_governance', 'clinical_safety']
    then return app_agreed_audiences(app_organisations(), purpose); end if;
    return '{}';
end $$;

-- Tasks waiting to be claimed: callers see that there is work, not whose.
create function app_working_audiences() returns uuid[]
language plpgsql stable security definer set search_path = public, pg_temp as $$
declare
    kind text := app_kind();
    purpose text := app_purpose();
begin
    if kind in ('worker', 'console') then return app_agreed_audiences(null, ''); end if;
    if kind = 'staff' and purpose <> '' and app_roles() && array['caller', 'supervisor', 'clinician']
    then return app_agreed_audiences(app_organisations(), purpose); end if;
    return '{}';
end $$;

-- Calls to action: the audiences whose work an actor's organisations have agreed to deliver.
create function app_delivering_audiences() returns uuid[]
language plpgsql stable security definer set search_path = public, pg_temp as $$
begin
    if app_kind() = 'staff' and app_purpose() = 'delivery'
    then return app_agreed_audiences(app_organisations(), 'delivery'); end if;
    return '{}';
end $$;
