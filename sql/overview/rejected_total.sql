-- Number of rejected articles waiting to be replayed.
select count(*) as articles
from ops.open_rejection;
