-- Dumps that the runs $run_ids loaded with a warning, or with another number of articles than they state.
select
    dump.path,
    dump_load.state,
    dump_load.reason,
    dump_load.articles_declared,
    dump_load.articles_read
from ops.dump_load
inner join ops.dump on dump.dump_key = dump_load.dump_key
where
    dump_load.state = 'loaded'
    and dump_load.kind = 'delivery'
    and (dump_load.reason is not null or dump_load.articles_declared <> dump_load.articles_read)
    and dump_load.run_id in (select unnest($run_ids::varchar[]))
order by dump.dump_key
limit 1000;
