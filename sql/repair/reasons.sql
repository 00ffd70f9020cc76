-- Every reason in the ledger.
select reason
from ops.rejected_article

union

select reason
from ops.dump_load
where reason is not null;
