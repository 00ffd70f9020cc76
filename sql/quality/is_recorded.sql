-- Whether a run is in the ledger, and whether the results of its checks are.
select
    exists (select 1 from ops.load_run where run_id = $run_id) as is_run_known,
    exists (select 1 from ops.quality_result where run_id = $run_id) as is_recorded;
