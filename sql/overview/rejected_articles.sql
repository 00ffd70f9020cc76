-- Articles that were not loaded, in one run or in all runs, newest first.
select
    rejected_article.run_id,
    dump.path,
    rejected_article.position,
    rejected_article.stage,
    rejected_article.reason
from ops.rejected_article
inner join ops.dump on dump.dump_key = rejected_article.dump_key
left join ops.load_run on load_run.run_id = rejected_article.run_id
where $run is null or rejected_article.run_id = $run
order by load_run.run_number desc nulls last, dump.dump_key, rejected_article.ordinal
limit $limit;
