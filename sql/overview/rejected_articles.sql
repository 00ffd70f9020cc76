-- Articles that were not loaded, in one run or in all runs, newest first. A dump that was not loaded is one row, with
-- the number of its articles as their position.
with
not_loaded as (
    select
        run_id,
        dump_key
    from ops.rejected_article
    where stage = 'dump'
)

select
    rejected_article.run_id,
    dump.path,
    if(
        rejected_article.stage = 'dump',
        case dump_load.rejected when 0 then '' when 1 then 'its one article' else 'all ' || dump_load.rejected || ' articles' end,
        rejected_article.position
    ) as position,
    rejected_article.stage,
    rejected_article.reason
from ops.rejected_article
inner join ops.dump on dump.dump_key = rejected_article.dump_key
left join ops.load_run on load_run.run_id = rejected_article.run_id
left join ops.dump_load
    on dump_load.run_id = rejected_article.run_id and dump_load.dump_key = rejected_article.dump_key
where
    ($run is null or rejected_article.run_id = $run)
    and (
        rejected_article.stage = 'dump'
        or not exists (
            select 1 from not_loaded
            where not_loaded.run_id = rejected_article.run_id and not_loaded.dump_key = rejected_article.dump_key
        )
    )
order by load_run.run_number desc nulls last, dump.dump_key, rejected_article.ordinal nulls first
limit $limit;
