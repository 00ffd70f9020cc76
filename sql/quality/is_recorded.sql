-- Whether a run that is in the ledger has results of its checks there.
select
    exists (select 1 from ops.load_run where run_id = $run_id) as is_run_known,
    exists (select 1 from ops.quality_result where run_id = $run_id) as is_recorded;
