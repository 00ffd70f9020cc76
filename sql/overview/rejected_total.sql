-- How many rejected articles wait to be replayed.
select count(*) as articles
from ops.rejected_article
where replayed_at is null and stage in ('extract', 'check');
