-- Takes a dump of the batch, by its key or by its number in the run, out of the load, with the reason.
update incoming_dump
set
    state = $state,
    reason = $reason,
    rejected = articles_read
where state = 'loaded' and (dump_key = $dump_key or delivery = $delivery);
