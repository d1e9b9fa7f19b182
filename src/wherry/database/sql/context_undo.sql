drop function app_token(), app_roles(), app_organisations(), app_purpose(), app_actor(), app_kind(), app_context(), app_now();
drop table app_clock;
