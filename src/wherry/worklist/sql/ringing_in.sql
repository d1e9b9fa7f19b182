-- Somebody rings in who is on nobody's task. Who takes calls sees a person only by naming them exactly: family name, birth
-- date, and either postcode or first name, as one hash in the context of one look-up. Nothing can be listed or browsed.

create function app_asked_for(family text, born date, other text) returns text
language sql immutable set search_path = pg_catalog as $$
    select encode(sha256(convert_to(
        regexp_replace(lower(family), '[^[:alpha:]]', '', 'g') || '|' || to_char(born, 'YYYYMMDD') || '|'
        || regexp_replace(lower(other), '[^[:alnum:]]', '', 'g'), 'utf8')), 'hex')
$$;

create policy asked_for on people_person for select using (
    (select app_kind()) = 'staff' and (select app_token()) <> ''
    and audience_ids && (select app_working_audiences())::uuid[]
    and (postcode <> '' and app_asked_for(family_name, birth_date, postcode) = (select app_token())
         or app_asked_for(family_name, birth_date, given_name) = (select app_token())));
create policy asked_for on cases_case for select using (
    (select app_kind()) = 'staff' and (select app_token()) <> ''
    and audience_id = any((select app_working_audiences())::uuid[])
    -- A claimed case is seen anyway. Left in, it would lead round: whom one's claims are about is read from cases.
    and id <> all((select app_claimed_cases())::uuid[])
    and exists (select 1 from people_person p where p.id = person_id));
create policy asked_for on cases_occurrence for select using (
    (select app_kind()) = 'staff' and (select app_token()) <> ''
    and exists (select 1 from cases_case c where c.id = case_id));
