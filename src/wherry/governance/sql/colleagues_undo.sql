drop function app_colleagues();
drop policy named_to_overseers on organisations_staff;
drop policy named_to_overseers on organisations_membership;
