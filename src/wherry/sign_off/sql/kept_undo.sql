alter table sign_off_signature drop constraint sign_off_signature_of_hash;
drop trigger keep_content on sign_off_programmeversion;
drop function sign_off_keep_content();
