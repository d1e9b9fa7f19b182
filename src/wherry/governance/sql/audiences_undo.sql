drop function app_delivering_audiences(), app_working_audiences(), app_audiences();
drop function app_agreed_audiences(uuid[], text);
