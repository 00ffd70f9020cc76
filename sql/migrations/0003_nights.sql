-- How many rows an expectation was checked on, so that what is unexpected can be told as a share of them.
alter table ops.quality_result add column element_count bigint;

-- Rejected articles that a person dismissed, and why.
alter table ops.rejected_article add column dismissed_at timestamp;

alter table ops.rejected_article add column dismissed_because varchar;
