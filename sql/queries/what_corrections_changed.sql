-- What changed in each article that was corrected: its headline, and how many words?
select
    revision_history.publication,
    revision_history.valid_from,
    before.headline as headline_before,
    after.headline as headline_after,
    revision_history.words_added,
    revision_history.words_removed
from mart.revision_history
inner join news.article_text as before on before.article_key = revision_history.previous_article_key
inner join news.article_text as after on after.article_key = revision_history.article_key
where
    revision_history.status = 'corrected'
    or (revision_history.status <> 'canceled' and (revision_history.is_headline_changed or revision_history.is_body_changed))
order by revision_history.valid_from desc, revision_history.article_key;
