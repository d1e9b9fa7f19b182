-- Names for the ids in a log: whoever oversees sees who works for their own organisations, and for those that take part
-- in what they oversee. Names and employers only: the rest of a member of staff stays hidden, since the policies below
-- speak to the schema's owner, in whose name this function reads, and to no login of the application.

create policy named_to_overseers on organisations_staff for select to owner
    using ((select app_kind()) = 'staff'
           and (select app_roles()) && array['programme_lead', 'information_governance', 'clinical_safety']);
create policy named_to_overseers on organisations_membership for select to owner
    using ((select app_kind()) = 'staff'
           and (select app_roles()) && array['programme_lead', 'information_governance', 'clinical_safety']);

create function app_colleagues() returns table (staff_id uuid, name text, organisation_id uuid, organisation text)
language sql stable security definer set search_path = public, pg_temp as $$
    select distinct s.id, s.name, o.id, o.name
      from organisations_staff s
      join organisations_membership m on m.staff_id = s.id
      join organisations_organisation o on o.id = m.organisation_id
     where app_kind() = 'staff' and app_purpose() = 'oversight'
       and app_roles() && array['programme_lead', 'information_governance', 'clinical_safety']
       and (m.organisation_id = any(app_organisations())
            or m.organisation_id in (
                select g.organisation_id from governance_agreement g
                  join governance_audience a on a.programme = g.programme and (g.place = '' or g.place = a.place)
                 where a.id = any(app_audiences())))
$$;
