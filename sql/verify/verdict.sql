-- Records the outcome of all runs that were waiting for verification.
update ops.load_run
set
    state = $state,
    finished_at = now() at time zone 'UTC'
where state <> 'verified';
