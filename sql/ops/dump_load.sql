-- after: ops.dump, news.fact_article
create table if not exists ops.dump_load (
    run_id varchar not null,
    dump_key bigint not null,
    state varchar not null,
    articles_declared bigint,
    marks_seen bigint,
    articles_read bigint not null,
    inserted bigint not null,
    revised bigint not null,
    unchanged bigint not null,
    rejected bigint not null,
    skipped varchar not null,
    reason varchar,
    loaded_at timestamp not null,
    kind varchar not null,
    words_seen bigint,
    words_accounted bigint
);

comment on table ops.dump_load is 'One row per delivery and run, only ever added to. articles_read = inserted + revised + unchanged + rejected. Key: run_id, dump_key.';
comment on column ops.dump_load.run_id is 'The run; see ops.load_run';
comment on column ops.dump_load.dump_key is 'The delivery; see ops.dump';
comment on column ops.dump_load.state is 'loaded; refused (the dump is at fault); failed (Broadsheet or its environment is at fault); unloaded; released (to be tried again); dismissed (not waiting any more)';
comment on column ops.dump_load.articles_declared is 'Number of articles according to the dump or its manifest; empty if neither says';
comment on column ops.dump_load.marks_seen is 'Articles counted by a scan that is independent of the parser; empty if nothing could be scanned';
comment on column ops.dump_load.articles_read is 'Articles found, readable or not';
comment on column ops.dump_load.inserted is 'Articles not known before';
comment on column ops.dump_load.revised is 'New revisions of known articles';
comment on column ops.dump_load.unchanged is 'Articles already stored in exactly this form';
comment on column ops.dump_load.rejected is 'Articles not loaded: those in ops.rejected_article, or all articles of a dump that was not loaded';
comment on column ops.dump_load.skipped is 'JSON: pieces that are not articles, counted by kind';
comment on column ops.dump_load.reason is 'Why the dump was refused or failed; otherwise any warnings';
comment on column ops.dump_load.loaded_at is 'Start of the run, UTC';
comment on column ops.dump_load.kind is 'delivery (the whole dump was processed), replay (articles rejected earlier were tried again), unload, release, dismiss or separate (articles that it had merged with others came apart)';
comment on column ops.dump_load.words_seen is 'Visible words of the dump, counted without knowing its layout (text nodes, strings, lines); empty, which means not counted, where one of its files is of a kind whose words cannot be counted, as a web archive';
comment on column ops.dump_load.words_accounted is 'Of these, the words that ended in an article, a reject or a skip; empty where they were not counted. A warning says where too many did not';

insert into ops.dump_load
with
outcomes as (
    select
        dump_key,
        count(*) filter (outcome = 'inserted') as inserted,
        count(*) filter (outcome = 'revised') as revised,
        count(*) filter (outcome = 'unchanged') as unchanged
    from incoming
    group by dump_key
),

collisions as (
    select
        dump_key,
        if(count(*) = 1, '1 article shares', count(*) || ' articles share')
        || ' an id or address with a different text, without a version; identified by content instead' as warning
    from assignment
    where has_id_collision
    group by dump_key
)

select
    $run_id as run_id,
    incoming_dump.dump_key,
    incoming_dump.state,
    incoming_dump.articles_declared,
    incoming_dump.marks_seen,
    incoming_dump.articles_read,
    coalesce(outcomes.inserted, 0) as inserted,
    coalesce(outcomes.revised, 0) as revised,
    coalesce(outcomes.unchanged, 0) as unchanged,
    incoming_dump.rejected,
    incoming_dump.skipped,
    nullif(concat_ws('; ', incoming_dump.reason, collisions.warning), '') as reason,
    $loaded_at as loaded_at,
    incoming_dump.kind,
    incoming_dump.words_seen,
    incoming_dump.words_accounted
from incoming_dump
left join outcomes on outcomes.dump_key = incoming_dump.dump_key
left join collisions on collisions.dump_key = incoming_dump.dump_key
order by incoming_dump.dump_key;
