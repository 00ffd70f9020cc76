-- Why are articles of loaded dumps still rejected, in which feeds, and where is an example?
with
reasons as (
    select
        source,
        stage,
        reason,
        path || ', ' || position as place,
        regexp_replace(reason, '\d+', '#', 'g') as kind
    from ops.open_rejection
)

select
    source,
    stage,
    count(*) as articles,
    min(reason) as reason,
    arg_min(place, (reason, place)) as example
from reasons
group by source, stage, kind
order by articles desc, source, stage, reason;
