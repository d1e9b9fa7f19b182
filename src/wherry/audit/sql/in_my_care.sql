-- What a guardian answers for: the ids of people, cases and agreements of the audiences their organisations have agreed
-- to oversee, and of their own staff. As one object, so that each event of the record is looked up in it, not joined.
-- Written in plpgsql because the tables come with later rooms. Read once per statement.

create function audit_in_my_care() returns jsonb
language plpgsql stable security definer set search_path = public, pg_temp as $$
begin
    if app_kind() is distinct from 'staff' or not 'information_governance' = any(app_roles()) then return '{}'; end if;
    return coalesce((
        select jsonb_object_agg(id, true) from (
            select unnest(array[c.id, c.person_id])::text id from cases_case c where c.audience_id = any(app_audiences())
            union select o.id::text from cases_occurrence o where o.audience_id = any(app_audiences())
            union select t.id::text from referrals_calltoaction t where t.audience_id = any(app_audiences())
            union select l.id::text from review_atrisklist l where l.audience_id = any(app_audiences())
            union select g.id::text from governance_agreement g join governance_audience a using (programme)
                   where a.id = any(app_audiences())
            union select d.id::text from governance_decision d join governance_audience a using (programme)
                   where a.id = any(app_audiences())
            union select 'nobody in particular' where cardinality(app_audiences()) > 0
            union select one::text from unnest(app_organisations()) one
            union select k.staff_id::text from app_colleagues() k where k.organisation_id = any(app_organisations())
        ) mine), '{}');
end $$;
