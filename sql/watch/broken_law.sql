-- Loads whose counts do not add up, and dumps whose stored rows do not match their loads. Must be empty.
-- After an unload or any takedown there are rightly fewer rows than were loaded; and revisions that an unloaded dump
-- shared with another one, where they were unchanged, are kept and attributed to that one.
with
not_summing as (
    select
        dump.path,
        'run ' || dump_load.run_id || ': read ' || dump_load.articles_read || ', but inserted ' || dump_load.inserted
        || ' + revised ' || dump_load.revised || ' + unchanged ' || dump_load.unchanged
        || ' + rejected ' || dump_load.rejected as found
    from ops.dump_load
    left join ops.dump on dump.dump_key = dump_load.dump_key
    where
        dump_load.articles_read
        <> dump_load.inserted + dump_load.revised + dump_load.unchanged + dump_load.rejected
),

recorded as (
    select
        dump_key,
        sum(inserted + revised) as revisions,
        sum(unchanged) as unchanged,
        bool_or(state = 'unloaded') as is_unloaded
    from ops.dump_load
    group by dump_key
),

stored as (
    select
        dump_key,
        count(*) as revisions
    from news.fact_article
    group by dump_key
),

not_stored as (
    select
        dump.path,
        'the ledger records ' || coalesce(recorded.revisions, 0) || ' revisions, news.fact_article holds '
        || coalesce(stored.revisions, 0) as found
    from recorded
    full join stored on stored.dump_key = recorded.dump_key
    left join ops.dump on dump.dump_key = coalesce(recorded.dump_key, stored.dump_key)
    where
        coalesce(stored.revisions, 0) > coalesce(recorded.revisions + recorded.unchanged, 0)
        or (
            coalesce(stored.revisions, 0) < recorded.revisions
            and not recorded.is_unloaded
            and not exists (select 1 from ops.takedown)
        )
)

select path, found
from not_summing

union all

select path, found
from not_stored
order by path, found;
