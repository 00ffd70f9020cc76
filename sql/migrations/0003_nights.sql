-- How many rows an expectation was checked on, so that what is unexpected can be told as a share of them.
alter table ops.quality_result add column element_count bigint;
