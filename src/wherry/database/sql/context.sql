-- The application's clock and the context of who acts. Every row-security policy is written in these words.

create table app_clock (
    only_row boolean primary key default true check (only_row),
    ahead interval not null default interval '0'
);
insert into app_clock default values;
comment on table app_clock is 'How far the application runs ahead of the wall clock. Only the owner, for invented people, may set it.';

create function app_now() returns timestamptz language sql stable security definer set search_path = public, pg_temp
    as $$ select transaction_timestamp() + ahead from app_clock $$;

-- Context: a JSON object set for one transaction by wherry.database.context.acting_as. Absent means nobody.
create function app_context() returns jsonb language sql stable
    as $$ select coalesce(nullif(current_setting('app.ctx', true), ''), '{}')::jsonb $$;
-- A login can be only what it is for: whoever takes over the residents' site cannot call themselves the worker.
create function app_kind() returns text language sql stable as $$
    -- One expression and nothing asked of a table, so that it is worked out in place.
    select case
        when session_user = 'web_person' and app_context() ->> 'kind' not in ('link', 'gateway') then null
        when session_user = 'web' and app_context() ->> 'kind' not in ('staff', 'sign_in') then null
        else app_context() ->> 'kind' end
$$;
create function app_actor() returns text language sql stable
    as $$ select app_context() ->> 'id' $$;
create function app_purpose() returns text language sql stable
    as $$ select coalesce(app_context() ->> 'purpose', '') $$;
create function app_organisations() returns uuid[] language sql stable
    as $$ select coalesce(array(select jsonb_array_elements_text(app_context() -> 'organisations'))::uuid[], '{}') $$;
create function app_roles() returns text[] language sql stable
    as $$ select coalesce(array(select jsonb_array_elements_text(app_context() -> 'roles')), '{}') $$;
create function app_token() returns text language sql stable
    as $$ select coalesce(app_context() ->> 'token', '') $$;
create function app_proof() returns text language sql stable
    as $$ select coalesce(app_context() ->> 'proof', '') $$;

grant usage on schema public to web, web_person, worker;
grant select on app_clock to web, web_person, worker;
