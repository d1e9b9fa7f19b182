-- The audiences an actor may see now. Read once per statement; an agreement's end takes effect at the next one.

create function app_agreed(audience governance_audience, organisation_ids uuid[], for_purpose text)
returns boolean language sql stable security definer set search_path = public, pg_temp as $$
    select exists (
        select 1 from governance_agreement g
         where g.programme = audience.programme
           and (g.place = '' or g.place = audience.place)
           and g.starts_at <= app_now() and (g.ends_at is null or g.ends_at > app_now())
           and g.organisation_id = any(organisation_ids)
           and (for_purpose = '' and app_kind() in ('worker', 'console', 'link') or for_purpose = any(g.purposes)))
$$;

-- Whole cases: those who supervise, treat or oversee, and the worker while the lead's own agreement lives.
create function app_audiences() returns uuid[]
language sql stable security definer set search_path = public, pg_temp as $$
    select coalesce(array_agg(a.id), '{}') from governance_audience a
     where case
        when app_kind() in ('worker', 'console') then app_agreed(a, array[a.lead_organisation_id], '')
        when app_kind() = 'staff' and app_purpose() <> 'delivery'
             and app_roles() && array['supervisor', 'clinician', 'programme_lead', 'analyst',
                                      'information_governance', 'clinical_safety']
             then app_agreed(a, app_organisations(), app_purpose())
        else false end
$$;

-- Tasks waiting to be claimed: callers see that there is work, not whose.
create function app_working_audiences() returns uuid[]
language sql stable security definer set search_path = public, pg_temp as $$
    select coalesce(array_agg(a.id), '{}') from governance_audience a
     where case
        when app_kind() in ('worker', 'console') then app_agreed(a, array[a.lead_organisation_id], '')
        when app_kind() = 'staff' and app_roles() && array['caller', 'supervisor', 'clinician']
             then app_agreed(a, app_organisations(), app_purpose())
        else false end
$$;

-- Calls to action: the audiences whose work an actor's organisations have agreed to deliver.
create function app_delivering_audiences() returns uuid[]
language sql stable security definer set search_path = public, pg_temp as $$
    select coalesce(array_agg(a.id), '{}') from governance_audience a
     where app_kind() = 'staff' and app_purpose() = 'delivery' and app_agreed(a, app_organisations(), 'delivery')
$$;
