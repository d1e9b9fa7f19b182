drop function app_link_flags_seen_to();
drop policy seen_to on triage_redflag;
