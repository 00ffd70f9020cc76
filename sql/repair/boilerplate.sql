-- Passages in `needle` that occur in at least five other texts: a paper's boilerplate, not traces of one article.
select needle.text
from needle
inner join news.article_text on contains(lower(article_text.body), needle.text)
inner join news.fact_article on fact_article.article_key = article_text.article_key
anti join asked_article on asked_article.article_id = fact_article.article_id
group by needle.text
having count(distinct fact_article.body_hash) >= 5;
