-- Why were articles rejected, in which feeds, and where is an example?
select
    dump.source,
    rejected_article.stage,
    count(*) as articles,
    min(rejected_article.reason) as reason,
    min(dump.path || ', ' || rejected_article.position) as example
from ops.rejected_article
inner join ops.dump on dump.dump_key = rejected_article.dump_key
where rejected_article.replayed_at is null and rejected_article.stage <> 'dump'
group by dump.source, rejected_article.stage
order by articles desc, dump.source;
