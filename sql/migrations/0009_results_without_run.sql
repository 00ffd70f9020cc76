-- A run that loaded nothing, but verified what an interrupted one had loaded, noted what it found without noting itself.
-- Nothing says any more when that was, and maintenance refuses what refers to no run.
delete from ops.quality_result
where run_id not in (select load_run.run_id from ops.load_run as load_run);
