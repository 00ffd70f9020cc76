-- Takes the dumps of the batch, or one of them, out of the load and records the reason.
update incoming_dump
set
    state = $state,
    reason = $reason,
    rejected = articles_read
where state = 'loaded' and ($dump_key is null or dump_key = $dump_key);
