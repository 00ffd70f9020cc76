create table if not exists ops.load_run (
    run_id varchar not null,
    run_number bigint not null,
    trigger varchar not null,
    started_at timestamp not null,
    finished_at timestamp,
    state varchar not null,
    versions varchar not null,
    commit_retries integer
);

comment on table ops.load_run is 'One row per run that changed something. Key: run_id. Key: run_number.';
comment on column ops.load_run.run_id is 'The run; also the name of its work folder';
comment on column ops.load_run.run_number is 'Place in the order in which the runs changed something, whatever the clock said; the last run has the highest';
comment on column ops.load_run.trigger is 'What started it: schedule, manual, command_line or backfill; or what it did: replay, unload, release, dismiss, renormalise, separate, takedown or maintenance';
comment on column ops.load_run.started_at is 'Start of the run, UTC';
comment on column ops.load_run.finished_at is 'End of its verification, UTC; empty until then';
comment on column ops.load_run.state is 'loading until verified; then verified, or failed if the suites refused it';
comment on column ops.load_run.versions is 'JSON: versions of Broadsheet and of the libraries it uses';
comment on column ops.load_run.commit_retries is 'How many times a transaction of its load was done again, because the lake refused it for a reason that passed; 0 in a file; empty for runs of older versions';

insert into ops.load_run
select
    $run_id as run_id,
    coalesce((select max(run_number) from ops.load_run), 0) + 1 as run_number,
    $trigger as trigger,
    $loaded_at as started_at,
    null as finished_at,
    'loading' as state,
    $versions as versions,
    0 as commit_retries
where not exists (select 1 from ops.load_run where run_id = $run_id);

-- A run that was stopped and goes on after another one.
update ops.load_run
set run_number = last_run.run_number + 1
from (select max(run_number) as run_number from ops.load_run) as last_run
where load_run.run_id = $run_id and load_run.run_number < last_run.run_number;

update ops.load_run
set commit_retries = commit_retries + $retries
where run_id = $run_id and $retries > 0;
