-- The articles that one run rejected for reasons of their own, not with a whole dump.
select dump.path, rejected_article.position, rejected_article.stage, rejected_article.reason
from ops.rejected_article
inner join ops.dump on dump.dump_key = rejected_article.dump_key
where rejected_article.run_id = $run_id and rejected_article.stage <> 'dump'
order by dump.dump_key, rejected_article.ordinal;
