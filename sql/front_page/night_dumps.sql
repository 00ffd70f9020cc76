-- The dumps of last night (the runs $run_ids) that need attention: those not loaded first, then those with warnings.
select
    dump.path,
    dump.source as feed,
    dump.format,
    dump_load.state,
    dump_load.articles_read,
    dump_load.reason,
    count(*) over () as dumps
from ops.dump_load
inner join ops.dump on dump.dump_key = dump_load.dump_key
where dump_load.run_id in (select unnest($run_ids::varchar[])) and dump_load.reason is not null
order by dump_load.state = 'loaded', dump_load.articles_read desc, dump.path
limit $limit;
