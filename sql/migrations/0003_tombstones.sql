-- What was taken down is recognised by its text too, from hashes that older tombstones do not have: those still refuse
-- what comes under their keys, and addresses that differ in nothing but scheme, `www.` or a slash at the end.
alter table ops.takedown add column samples uinteger[];

alter table ops.takedown add column sketch blob;
