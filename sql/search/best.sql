-- The best articles for $question, with their texts.
with
best as (
    select
        article_id,
        article_key,
        published_date,
        publication,
        headline,
        is_in_headline,
        status,
        embargo_until,
        url,
        story_key
    from mart.find_articles(
        $question,
        publication := $publication,
        section := $section,
        language := $language,
        topic := $topic,
        story := $story,
        published_from := $published_from,
        published_to := $published_to,
        top := $top
    )
)

select
    best.article_id,
    best.published_date,
    best.publication,
    best.headline,
    best.status,
    best.embargo_until,
    best.url,
    best.story_key,
    mart.search_snippet(article_text.body, $question) as snippet
from best
inner join news.article_text on article_text.article_key = best.article_key
order by best.is_in_headline desc, best.published_date desc nulls last, best.article_key;
