-- The bodies of the revisions in `wanted`. By their row ids, for by few of them DuckDB reads these rows alone.
select
    article_key,
    body
from news.article_text
where
    rowid in (
        select article_text.rowid
        from news.article_text
        semi join wanted on wanted.article_key = article_text.article_key
    );
