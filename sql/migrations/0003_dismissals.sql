-- Rejected articles that a person dismissed, and why.
alter table ops.rejected_article add column dismissed_at timestamp;

alter table ops.rejected_article add column dismissed_because varchar;
