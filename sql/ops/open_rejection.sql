-- after: ops.dump_status
create or replace view ops.open_rejection as
select
    rejected_article.run_id,
    rejected_article.dump_key,
    dump_status.path,
    dump_status.source,
    rejected_article.ordinal,
    rejected_article.position,
    rejected_article.stage,
    rejected_article.reason,
    rejected_article.quarantine_file
from ops.rejected_article
inner join ops.dump_status on dump_status.dump_key = rejected_article.dump_key
where
    rejected_article.replayed_at is null
    and rejected_article.dismissed_at is null
    and rejected_article.stage <> 'dump'
    -- What was taken down waits for nobody; what is only like it does.
    and rejected_article.reason <> 'taken down'
    and (rejected_article.stage <> 'takedown' or starts_with(rejected_article.reason, 'it is like '))
    and dump_status.state = 'loaded';

comment on view ops.open_rejection is 'Rejected articles of loaded dumps that are waiting for a person, most of them to be replayed. Key: run_id, dump_key, position.';
comment on column ops.open_rejection.run_id is 'The run that rejected it';
comment on column ops.open_rejection.dump_key is 'The delivery that contained it';
comment on column ops.open_rejection.path is 'Path below the landing folder; the full path if the file is elsewhere';
comment on column ops.open_rejection.source is 'Feed of the delivery; ad_hoc if none';
comment on column ops.open_rejection.ordinal is 'Position of its raw record in the quarantine file; empty if none is kept';
comment on column ops.open_rejection.position is 'Position in the dump: member, then line, row or ordinal';
comment on column ops.open_rejection.stage is 'What rejected it: extract (the reader), normalise (the normaliser), check (the suites), load (the warehouse) or takedown (it is like an article that was taken down)';
comment on column ops.open_rejection.reason is 'Why it was rejected, and what to do';
comment on column ops.open_rejection.quarantine_file is 'File below quarantine/ that holds its raw record; empty for what is like an article that was taken down';
