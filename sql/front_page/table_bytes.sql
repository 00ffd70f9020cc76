-- The bytes of the blocks that one table uses.
select coalesce(count(distinct block_id) filter (persistent), 0) * 262144 as bytes
from pragma_storage_info($table);
