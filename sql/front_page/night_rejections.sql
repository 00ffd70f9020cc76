-- Why articles were rejected last night (the runs $run_ids), most first. Reasons that differ only in
-- numbers count as one.
with
rejected as (
    select
        rejected_article.dump_key,
        rejected_article.ordinal,
        rejected_article.position,
        rejected_article.reason,
        regexp_replace(rejected_article.reason, '\d+', '#', 'g') as reason_group
    from ops.rejected_article
    where rejected_article.run_id in (select unnest($run_ids::varchar[])) and rejected_article.stage <> 'dump'
),

reasons as (
    select
        reason_group,
        count(*) as articles,
        count(distinct dump_key) as dumps,
        arg_min(reason, (dump_key, ordinal)) as reason,
        arg_min(position, (dump_key, ordinal)) as example_position,
        min(dump_key) as example_dump_key
    from rejected
    group by reason_group
)

select
    reasons.reason,
    reasons.articles,
    reasons.dumps,
    dump.path as example_path,
    reasons.example_position,
    count(*) over () as reasons
from reasons
inner join ops.dump on dump.dump_key = reasons.example_dump_key
order by reasons.articles desc, reasons.reason
limit $limit;
