-- after: news.article_story, news.article_text, news.bridge_article_topic, news.fact_article, mart.search_matches
-- What was found is looked up table by table: a join of all would read stories and texts of the whole archive.
create or replace macro mart.find_articles(
    question,
    publication := null::varchar,
    section := null::varchar,
    language := null::varchar,
    topic := null::varchar,
    story := null::varchar,
    published_from := null::varchar,
    published_to := null::varchar,
    top := null::varchar
) as table
with
found as materialized (
    select article_key, is_in_headline
    from mart.search_matches(question)
),

-- No more columns than the order needs.
article as (
    select
        fact_article.article_key,
        fact_article.published_date_key
    from news.fact_article
    where
        fact_article.article_key in (select found.article_key from found)
        and fact_article.is_current
        and fact_article.status <> 'canceled'
        and (publication is null or fact_article.publication_key in (select dim_publication.publication_key from news.dim_publication where dim_publication.publication_name = publication))
        and (section is null or fact_article.section_key in (select dim_section.section_key from news.dim_section where dim_section.section_name = section))
        and (language is null or fact_article.language_key in (select dim_language.language_key from news.dim_language where dim_language.language_code = language))
        and (topic is null or fact_article.article_key in (select bridge_article_topic.article_key from news.bridge_article_topic inner join news.dim_topic on dim_topic.topic_key = bridge_article_topic.topic_key where dim_topic.topic_name = topic))
        and (story is null or fact_article.article_id in (select article_story.article_id from news.article_story where article_story.story_key = story))
),

ranked as materialized (
    select
        article.article_key,
        dim_date.date as published_date,
        found.is_in_headline
    from article
    inner join found on found.article_key = article.article_key
    inner join news.dim_date on dim_date.date_key = article.published_date_key
    where
        (published_from is null or dim_date.date >= published_from)
        and (published_to is null or dim_date.date <= published_to)
    order by found.is_in_headline desc, dim_date.date desc nulls last, article.article_key
    limit top
),

fact as (
    select
        fact_article.article_key,
        fact_article.article_id,
        fact_article.publication_key,
        fact_article.status,
        fact_article.embargo_until,
        fact_article.url
    from news.fact_article
    where fact_article.article_key in (select ranked.article_key from ranked)
),

best as materialized (
    select
        ranked.article_key,
        ranked.published_date,
        ranked.is_in_headline,
        fact.article_id,
        fact.publication_key,
        fact.status,
        fact.embargo_until,
        fact.url
    from ranked
    inner join fact on fact.article_key = ranked.article_key
),

headline as (
    select article_text.article_key, article_text.headline
    from news.article_text
    where article_text.article_key in (select best.article_key from best)
),

story_of as (
    select article_story.article_id, article_story.story_key
    from news.article_story
    where article_story.article_id in (select best.article_id from best)
)

select
    best.article_id,
    best.article_key,
    best.published_date,
    dim_publication.publication_name as publication,
    headline.headline,
    best.is_in_headline,
    best.status,
    best.embargo_until,
    best.url,
    story_of.story_key
from best
inner join headline on headline.article_key = best.article_key
inner join story_of on story_of.article_id = best.article_id
inner join news.dim_publication on dim_publication.publication_key = best.publication_key
order by best.is_in_headline desc, best.published_date desc nulls last, best.article_key;

comment on macro table mart.find_articles is 'Articles in which a question holds, in headline, deck or body: words, "a phrase", OR, NOT or -word, beginning*, headline:word, parentheses; whatever their case and accents. Those with all that is wanted in the headline first, then the newest. By name: publication, section, language, topic, story, published_from, published_to, and top, how many of the best; as in mart.find_articles(''tram*'', language := ''de'', top := 10). What is not understood is an error. The question is a constant or a parameter, not a column. Columns: article_id, article_key, published_date, publication, headline, is_in_headline, status, embargo_until, url, story_key. In a file attached to another database, here as broadsheet: use broadsheet, or set search_path = ''main,broadsheet.mart,broadsheet.news,broadsheet.ops''.';
