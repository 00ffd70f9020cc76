-- What became of each dump in one run.
select
    dump.path, dump.source, dump.format, dump_load.state, dump_load.articles_declared, dump_load.marks_seen,
    dump_load.articles_read, dump_load.inserted, dump_load.revised, dump_load.unchanged, dump_load.rejected,
    dump_load.skipped, dump_load.reason
from ops.dump_load
inner join ops.dump on dump.dump_key = dump_load.dump_key
where dump_load.run_id = $run_id
order by dump.dump_key;
