-- What was delivered last night (the runs $run_ids), by feed; most first.
select
    dump.source as feed,
    count(*) as dumps,
    count(*) filter (dump_load.state in ('refused', 'failed')) as dumps_not_loaded,
    sum(dump_load.articles_read)::bigint as articles_read,
    sum(dump_load.inserted)::bigint as inserted,
    sum(dump_load.revised)::bigint as revised,
    sum(dump_load.unchanged)::bigint as unchanged,
    sum(dump_load.rejected)::bigint as rejected,
    count(*) over () as feeds
from ops.dump_load
inner join ops.dump on dump.dump_key = dump_load.dump_key
where dump_load.run_id in (select unnest($run_ids::varchar[])) and dump_load.kind in ('delivery', 'replay')
group by dump.source
order by articles_read desc, dump.source
limit $limit;
