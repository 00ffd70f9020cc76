-- The best articles for $question, with their texts.
with
best as materialized (
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
),

-- By its row, as in mart.find_articles.
text_row as (
    select article_text.rowid as text_row
    from news.article_text
    where article_text.article_key in (select article_key from best)
),

body as (
    select article_text.article_key, article_text.body
    from news.article_text
    where article_text.rowid in (select text_row from text_row)
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
    mart.search_snippet(body.body, $question) as snippet
from best
inner join body on body.article_key = best.article_key
order by best.is_in_headline desc, best.published_date desc nulls last, best.article_key;
