-- The law of the ledger, summed over all dumps of one run.
select
    count(*) as dumps,
    coalesce(sum(articles_read), 0)::bigint as articles_read,
    coalesce(sum(inserted), 0)::bigint as inserted,
    coalesce(sum(revised), 0)::bigint as revised,
    coalesce(sum(unchanged), 0)::bigint as unchanged,
    coalesce(sum(rejected), 0)::bigint as rejected
from ops.dump_load
where run_id = $run_id;
