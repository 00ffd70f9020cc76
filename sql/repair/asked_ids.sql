-- The ids that name one of the articles in `asked_article` and no other, with their kinds.
select
    article_alias.kind,
    article_alias.value
from ops.article_alias
semi join asked_article on asked_article.article_id = article_alias.article_id
where starts_with(article_alias.kind, 'native_id')
order by article_alias.kind, article_alias.value;
