-- after: news.article_story, news.bridge_article_topic, news.fact_article, mart.search_matches
-- No more columns than the order needs.
create or replace macro mart.search_ranked(
    question,
    publication,
    section,
    language,
    topic,
    story,
    published_from,
    published_to,
    top
) as table
with
found as materialized (
    select article_key, is_in_headline
    from mart.search_matches(question)
)

select
    fact_article.rowid as fact_row,
    fact_article.article_key,
    fact_article.published_date_key,
    found.is_in_headline
from news.fact_article
inner join found on found.article_key = fact_article.article_key
where
    fact_article.is_current
    and fact_article.status <> 'canceled'
    and (publication is null or fact_article.publication_key in (select dim_publication.publication_key from news.dim_publication where dim_publication.publication_name = publication))
    and (section is null or fact_article.section_key in (select dim_section.section_key from news.dim_section where dim_section.section_name = section))
    and (language is null or fact_article.language_key in (select dim_language.language_key from news.dim_language where dim_language.language_code = language))
    and (topic is null or fact_article.article_key in (select bridge_article_topic.article_key from news.bridge_article_topic inner join news.dim_topic on dim_topic.topic_key = bridge_article_topic.topic_key where dim_topic.same_as_key in (select named.same_as_key from news.dim_topic as named where named.topic_name = topic)))
    and (story is null or fact_article.article_id in (select article_story.article_id from news.article_story where article_story.story_key = story))
    and (published_from is null or fact_article.published_date_key >= strftime(published_from::date, '%Y%m%d')::integer)
    and (published_to is null or fact_article.published_date_key between 1 and strftime(published_to::date, '%Y%m%d')::integer)
order by found.is_in_headline desc, fact_article.published_date_key desc, fact_article.article_key
limit top;

comment on macro table mart.search_ranked is 'The articles in which a question holds, narrowed as in mart.find_articles, which says what they are: those with all that is wanted in the headline first, then the newest. Columns: fact_row (of news.fact_article), article_key, published_date_key, is_in_headline.';
