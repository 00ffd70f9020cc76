-- Which headlines were changed after publication, and how?
select
    revision_history.publication,
    revision_history.valid_from,
    before.headline as headline_before,
    after.headline as headline_after
from mart.revision_history
inner join news.article_text as before on before.article_key = revision_history.previous_article_key
inner join news.article_text as after on after.article_key = revision_history.article_key
where revision_history.is_headline_changed
order by revision_history.valid_from desc, revision_history.article_key;
