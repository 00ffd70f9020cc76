-- For each text in `asked`, a revision that has it; by text_key.
with
articles as (
    select
        article_id,
        text_key
    from assigned_text
    semi join asked on asked.text_key = assigned_text.text_key

    union all

    select
        article_story.article_id,
        article_story.text_key
    from news.article_story
    semi join asked on asked.text_key = article_story.text_key
    anti join touched_article on touched_article.article_id = article_story.article_id
)

select
    articles.text_key,
    min(fact_article.article_key) as article_key
from articles
inner join news.fact_article on fact_article.article_id = articles.article_id and fact_article.is_current
group by articles.text_key
order by articles.text_key;
