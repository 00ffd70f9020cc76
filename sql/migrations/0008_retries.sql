-- How many times a load was done again, because a lake refused it for a reason that passed.
alter table ops.load_run add column commit_retries integer;
