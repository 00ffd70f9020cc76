-- What a repair did to one delivery, as a row of the ledger.
insert into ops.dump_load (
    run_id, dump_key, state, articles_read, inserted, revised, unchanged, rejected, skipped, reason, loaded_at, kind
)
values ($run_id, $dump_key, $state, 0, 0, 0, 0, 0, '{}', $reason, $loaded_at, $kind);
