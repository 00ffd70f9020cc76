-- Closes the rejections that this batch tried again, whichever run left them. What was rejected again has a new row.
update ops.rejected_article
set replayed_at = $loaded_at
from (
    select distinct
        replayed.dump_key,
        replayed.position
    from read_parquet($replayed_path) as replayed
    inner join incoming_dump on incoming_dump.dump_key = replayed.dump_key and incoming_dump.state = 'loaded'
) as done
where
    done.dump_key = rejected_article.dump_key
    and done.position = rejected_article.position
    and rejected_article.run_id <> $run_id
    and rejected_article.replayed_at is null;
