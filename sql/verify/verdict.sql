-- What became of all runs that waited for their verification.
update ops.load_run
set
    state = $state,
    finished_at = now() at time zone 'UTC'
where state <> 'verified';
