-- Stored revisions that were read and normalised again from the same record, with the keys they keep.
-- Creates `gone`: their rows, which are to be rewritten.
create or replace temp table keyed as
with
read_again as (
    select
        article.ordinal,
        article.position,
        article.content_hash,
        dump.dump_key
    from read_parquet($articles_path) as article
    inner join read_parquet($dumps_path) as planned on planned.delivery = article.delivery and planned.state = 'loaded'
    inner join ops.dump
        on dump.source = planned.source
        and dump.path = planned.path
        and dump.sha256 = planned.sha256
        and dump.manifest_sha256 = planned.manifest_sha256
    anti join read_parquet($rejected_path) as rejected on rejected.ordinal = article.ordinal
)

select
    read_again.ordinal,
    fact_article.dump_key,
    fact_article.article_id,
    fact_article.identity_basis,
    'revised' as outcome,
    fact_article.article_key,
    fact_article.loaded_at
from read_again
inner join news.fact_article
    on fact_article.dump_key = read_again.dump_key
    and fact_article.position = read_again.position
    and fact_article.content_hash = read_again.content_hash
where
    ($from_date_key is null or fact_article.published_date_key >= $from_date_key)
    and ($to_date_key is null or fact_article.published_date_key between 1 and $to_date_key)
qualify row_number() over (partition by fact_article.article_key order by read_again.ordinal) = 1;

create or replace temp table gone as
select
    article_key,
    article_id
from keyed;
