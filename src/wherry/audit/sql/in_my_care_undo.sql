drop function audit_in_my_care();
