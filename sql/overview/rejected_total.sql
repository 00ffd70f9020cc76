-- How many rejected articles wait to be replayed.
select count(*) as articles
from ops.open_rejection;
