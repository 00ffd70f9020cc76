-- Says in the ledger of the dumps that showed it which articles came apart.
update incoming_dump
set reason = concat_ws('; ', incoming_dump.reason, $told)
where dump_key in (select dump_key from shared_key);
