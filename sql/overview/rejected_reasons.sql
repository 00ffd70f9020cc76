-- Rejected articles waiting to be replayed, by reason, most first. Reasons that differ only in numbers count as one.
with
open_rejections as (
    select
        dump_key,
        ordinal,
        position,
        reason,
        regexp_replace(reason, '\d+', '#', 'g') as reason_group
    from ops.open_rejection
),

reasons as (
    select
        reason_group,
        count(*) as articles,
        count(distinct dump_key) as dumps,
        arg_min(reason, (dump_key, ordinal)) as reason,
        arg_min(position, (dump_key, ordinal)) as example_position,
        min(dump_key) as example_dump_key
    from open_rejections
    group by reason_group
)

select
    reasons.reason,
    reasons.articles,
    reasons.dumps,
    dump.path as example_path,
    reasons.example_position
from reasons
inner join ops.dump on dump.dump_key = reasons.example_dump_key
order by reasons.articles desc, reasons.reason
limit 20;
