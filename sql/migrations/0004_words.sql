-- How many of a dump's words were accounted for. Of what was loaded before, nobody knows.
alter table ops.dump_load add column words_seen bigint;

alter table ops.dump_load add column words_accounted bigint;
