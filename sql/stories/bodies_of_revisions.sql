-- The bodies of the revisions in `wanted`. Looked up by row id, because for a few ids DuckDB reads only those rows.
select
    article_key,
    body
from news.article_text
where
    rowid in (
        select article_text.rowid
        from news.article_text
        semi join wanted on wanted.article_key = article_text.article_key
    )
    and article_key in (select article_key from wanted);
