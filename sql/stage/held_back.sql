-- Counts as rejected the articles that were held back because they broke the load.
update incoming_dump
set rejected = incoming_dump.rejected + held_back.articles
from (
    select
        delivery,
        count(*) as articles
    from read_parquet($rejected_path)
    where stage = 'load'
    group by delivery
) as held_back
where held_back.delivery = incoming_dump.delivery and incoming_dump.state = 'loaded';
