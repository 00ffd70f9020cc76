-- after: news.article_story, news.article_text, news.fact_article, mart.search_ranked
-- What is shown is fetched by its rows: DuckDB reads the whole columns where it is told keys.
-- Without a condition the default is '': a lake keeps a default of null as the text 'NULL'.
create or replace macro mart.find_articles(
    question,
    publication := '',
    section := '',
    language := '',
    topic := '',
    story := '',
    published_from := '',
    published_to := '',
    top := ''
) as table
with
ranked as materialized (
    select fact_row, article_key, is_in_headline
    from mart.search_ranked(
        question,
        nullif(publication::varchar, ''),
        nullif(section::varchar, ''),
        nullif(language::varchar, ''),
        nullif(topic::varchar, ''),
        nullif(story::varchar, ''),
        nullif(published_from::varchar, ''),
        nullif(published_to::varchar, ''),
        nullif(top::varchar, '')
    )
),

best as materialized (
    select
        fact_article.article_key,
        fact_article.article_id,
        fact_article.published_date_key,
        fact_article.publication_key,
        fact_article.status,
        fact_article.embargo_until,
        fact_article.url
    from news.fact_article
    where fact_article.rowid in (select ranked.fact_row from ranked)
),

text_row as (
    select article_text.rowid as text_row
    from news.article_text
    where article_text.article_key in (select ranked.article_key from ranked)
),

headline as (
    select article_text.article_key, article_text.headline
    from news.article_text
    where article_text.rowid in (select text_row.text_row from text_row)
),

story_of as (
    select article_story.article_id, article_story.story_key
    from news.article_story
    where article_story.article_id in (select best.article_id from best)
)

select
    best.article_id,
    best.article_key,
    dim_date.date as published_date,
    dim_publication.publication_name as publication,
    headline.headline,
    ranked.is_in_headline,
    best.status,
    best.embargo_until,
    best.url,
    story_of.story_key
from ranked
inner join best on best.article_key = ranked.article_key
inner join headline on headline.article_key = ranked.article_key
inner join story_of on story_of.article_id = best.article_id
inner join news.dim_publication on dim_publication.publication_key = best.publication_key
inner join news.dim_date on dim_date.date_key = best.published_date_key
order by ranked.is_in_headline desc, best.published_date_key desc, ranked.article_key;

comment on macro table mart.find_articles is 'Articles in which a question holds, in headline, deck or body: words, "a phrase", OR, NOT or -word, beginning*, headline:word, parentheses; whatever their case and accents. Those with all that is wanted in the headline first, then the newest. By name: publication, section, language, topic, story, published_from, published_to, and top, how many of the best (all without it); as in mart.find_articles(''tram*'', language := ''de'', top := 10). What is not understood is an error. The question is a constant or a parameter, not a column. Columns: article_id, article_key, published_date, publication, headline, is_in_headline, status, embargo_until, url, story_key. In a file attached to another database, here as broadsheet: use broadsheet, or set search_path = ''main,broadsheet.mart,broadsheet.news,broadsheet.ops''.';
