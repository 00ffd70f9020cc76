-- The quarantine files that a replay needs, or has needed since the horizon.
select distinct quarantine_file
from ops.rejected_article
where quarantine_file is not null and coalesce(replayed_at, dismissed_at, $horizon) >= $horizon
order by quarantine_file;
