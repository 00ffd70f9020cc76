-- Pairs of revisions of one article that came under one address, which may be two articles: not if both state a version
-- or the same id, nor if one is withdrawn. Of an address that very many have, some are as good as all.
with
revised as (
    select article_id
    from news.fact_article
    group by article_id
    having count(*) > 1
),

compared as (
    select
        fact_article.url,
        fact_article.article_id,
        fact_article.article_key,
        fact_article.dump_key,
        fact_article.identity_basis = 'native_id' as has_id,
        fact_article.native_id,
        fact_article.version_number is not null as is_versioned,
        fact_article.is_partial
    from news.fact_article
    semi join revised on revised.article_id = fact_article.article_id
    where
        fact_article.url is not null
        and fact_article.identity_basis <> 'content'
        and fact_article.status not in ('canceled', 'withheld')
    qualify
        row_number() over (
            partition by fact_article.article_id, fact_article.url
            order by fact_article.content_hash, fact_article.article_key
        ) <= $most
)

select
    one.url,
    one.article_id,
    greatest(one.dump_key, other.dump_key) as dump_key,
    one_text.headline as one_headline,
    other_text.headline as other_headline,
    one_text.body as one_body,
    other_text.body as other_body,
    one.is_partial is distinct from other.is_partial as is_partial,
    false as have_id
from compared as one
inner join compared as other
    on other.article_id = one.article_id
    and other.url = one.url
    and other.article_key > one.article_key
    and not (other.is_versioned and one.is_versioned)
    and not (other.has_id and one.has_id and other.native_id = one.native_id)
inner join news.article_text as one_text on one_text.article_key = one.article_key
inner join news.article_text as other_text on other_text.article_key = other.article_key;
