drop view checkin_answered;
drop policy counted on checkin_response;
