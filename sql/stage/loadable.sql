-- The articles of one batch that can be loaded, in their order in the batch.
select
    article.delivery,
    article.ordinal,
    article.position
from read_parquet($articles_path) as article
anti join read_parquet($rejected_path) as rejected on rejected.ordinal = article.ordinal
order by article.ordinal;
