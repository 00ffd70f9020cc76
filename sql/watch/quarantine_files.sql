-- The quarantine files that a replay needs, or has needed since the horizon.
select distinct quarantine_file
from ops.rejected_article
where quarantine_file is not null and (replayed_at is null or replayed_at >= $horizon)
order by quarantine_file;
