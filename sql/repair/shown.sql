-- What the approver of a takedown is shown: the current revisions of the articles in `asked_article`, and of the others
-- in their stories or with their texts, which stay.
with
stories as (
    select distinct article_story.story_key
    from news.article_story
    semi join asked_article on asked_article.article_id = article_story.article_id
),

contents as (
    select distinct fact_article.content_key
    from news.fact_article
    semi join asked_article on asked_article.article_id = fact_article.article_id
    where fact_article.content_key is not null
),

listed as (
    select article_id, true as is_asked
    from asked_article

    union

    select
        article_story.article_id,
        false as is_asked
    from news.article_story
    semi join stories on stories.story_key = article_story.story_key
    anti join asked_article on asked_article.article_id = article_story.article_id

    union

    select
        fact_article.article_id,
        false as is_asked
    from news.fact_article
    semi join contents on contents.content_key = fact_article.content_key
    anti join asked_article on asked_article.article_id = fact_article.article_id
)

select
    listed.article_id,
    listed.is_asked,
    article_text.headline,
    dim_publication.publication_name,
    dim_date.date as published_on
from listed
inner join news.fact_article on fact_article.article_id = listed.article_id and fact_article.is_current
inner join news.article_text on article_text.article_key = fact_article.article_key
inner join news.dim_publication on dim_publication.publication_key = fact_article.publication_key
inner join news.dim_date on dim_date.date_key = fact_article.published_date_key
order by listed.is_asked desc, listed.article_id;
