-- Records what a run saw when it looked for new dumps of every feed; once, however often it is tried.
insert into ops.landing_scan by name
select
    $run_id as run_id,
    $trigger as trigger,
    $started_at as started_at,
    $files as files,
    $new as new,
    $loaded as loaded,
    $unsettled as unsettled,
    $parked as parked,
    $unclaimed as unclaimed,
    $contested as contested
where not exists (select 1 from ops.landing_scan where run_id = $run_id);
