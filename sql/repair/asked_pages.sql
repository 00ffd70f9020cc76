-- The addresses of the pages in `asked_page`, without scheme, `www.` and parameters, as they are written, each with the
-- articles that it identifies or that are stored with it; 0 where different articles share it.
with
known as (
    select
        value as url,
        article_id,
        true as is_owner
    from ops.article_alias
    where kind = 'url'

    union all

    select
        url,
        article_id,
        false as is_owner
    from news.fact_article
    where url is not null
)

select distinct
    known.url,
    known.article_id,
    known.is_owner
from known
semi join asked_page
    on asked_page.page = rtrim(split_part(regexp_replace(known.url, '^https?://(www\.)?', ''), '?', 1), '/')
order by known.article_id, known.url, known.is_owner;
