-- The articles of one batch, without their long texts, each with its columns of `keyed`. Every other column of
-- articles-*.parquet is passed on, so that the tables can use a new one at once. A view, because a copy of the columns
-- takes more memory and time than reading those that a statement names; views take no parameters, but variables.
set variable articles_path = $articles_path;

create or replace temp view incoming as
select
    keyed.article_key,
    keyed.article_id,
    keyed.identity_basis,
    keyed.outcome,
    keyed.dump_key,
    keyed.loaded_at,
    coalesce(article.modified_at, article.published_at, article.published_date::timestamp, keyed.loaded_at) as effective_at,
    article.* exclude (delivery, native_kind, headline, deck, dateline, byline, body, extra, story_bands, story_sketch)
from keyed
inner join read_parquet(getvariable('articles_path')) as article on article.ordinal = keyed.ordinal;

create or replace temp table touched_article as
select
    article_id,
    bool_or(outcome = 'revised') as is_renumbered
from incoming
where outcome in ('inserted', 'revised')
group by article_id;
