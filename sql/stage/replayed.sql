-- Rejected articles that this batch processed again. Those that were rejected again have a new row.
update ops.rejected_article
set replayed_at = $loaded_at
from (
    select
        replayed.run_id,
        replayed.dump_key,
        replayed.position
    from read_parquet($replayed_path) as replayed
    inner join incoming_dump on incoming_dump.dump_key = replayed.dump_key and incoming_dump.state = 'loaded'
) as done
where
    done.run_id = rejected_article.run_id
    and done.dump_key = rejected_article.dump_key
    and done.position = rejected_article.position
    and rejected_article.replayed_at is null;
