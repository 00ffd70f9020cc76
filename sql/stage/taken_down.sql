-- Articles of one batch that must not be loaded again, with the reason: those in `judged` (see etl/stages/taken_down.py)
-- that were not rejected before.
create or replace temp table taken_down as
select
    article.ordinal,
    incoming_dump.dump_key,
    article.position,
    judged.reason
from read_parquet($articles_path) as article
inner join judged on judged.ordinal = article.ordinal
inner join incoming_dump on incoming_dump.delivery = article.delivery and incoming_dump.state = 'loaded'
anti join read_parquet($rejected_path) as rejected on rejected.ordinal = article.ordinal;

update incoming_dump
set rejected = incoming_dump.rejected + counted.articles
from (select dump_key, count(*) as articles from taken_down group by dump_key) as counted
where counted.dump_key = incoming_dump.dump_key;
