-- What was put forward stays as it was: who signs, signs this. And a signature is of the hash that stands beside it.
create function sign_off_keep_content() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' then
        raise exception 'a version that was put forward is kept';
    end if;
    if (new.programme, new.number, new.name, new.hash, new.files, new.roles, new.starts_on, new.ends_on,
        new.reaches_people, new.why, new.proved, new.put_forward_by, new.put_forward_at)
       is distinct from
       (old.programme, old.number, old.name, old.hash, old.files, old.roles, old.starts_on, old.ends_on,
        old.reaches_people, old.why, old.proved, old.put_forward_by, old.put_forward_at)
    then
        raise exception 'a version that was put forward is never changed; put forward another';
    end if;
    return new;
end $$;
create trigger keep_content before update or delete on sign_off_programmeversion
    for each row execute function sign_off_keep_content();
alter table sign_off_signature add constraint sign_off_signature_of_hash
    foreign key (programme_version_id, hash) references sign_off_programmeversion (id, hash);
