-- How many rows an expectation was checked on, so that what is unexpected can be told as a share of them.
alter table ops.quality_result add column element_count bigint;

-- Rejected articles that a person dismissed, and why.
alter table ops.rejected_article add column dismissed_at timestamp;

alter table ops.rejected_article add column dismissed_because varchar;

-- The order of the runs as a number, because a clock that is set back makes later runs begin earlier.
-- A new table, because DuckDB cannot set a column NOT NULL that was updated in the same transaction.
create table ops.load_run_new (
    run_id varchar not null,
    run_number bigint not null,
    trigger varchar not null,
    started_at timestamp not null,
    finished_at timestamp,
    state varchar not null,
    versions varchar not null
);

insert into ops.load_run_new
select
    run_id,
    row_number() over (order by started_at, run_id) as run_number,
    trigger,
    started_at,
    finished_at,
    state,
    versions
from ops.load_run
order by run_number;

drop table ops.load_run;

alter table ops.load_run_new rename to load_run;

alter table ops.schema_version add column last_run_number bigint;

-- What was taken down is recognised by its text too, from hashes that older tombstones do not have: those still refuse
-- what comes under their keys, and addresses that differ in nothing but scheme, `www.` or a slash at the end.
alter table ops.takedown add column samples uinteger[];

alter table ops.takedown add column sketch blob;
