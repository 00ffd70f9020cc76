-- A revision of each text in `asked`, by text_key.
select
    story_text.text_key,
    min(fact_article.article_key) as article_key
from ops.story_text
semi join asked on asked.text_key = story_text.text_key
inner join news.fact_article on fact_article.body_hash = story_text.body_hash and fact_article.is_current
group by story_text.text_key
order by story_text.text_key;
