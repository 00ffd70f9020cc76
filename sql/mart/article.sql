-- after: mart.article_revision
-- columns of: mart.article_revision
create or replace view mart.article as
select article_revision.* exclude (is_current, valid_from, valid_to)
from mart.article_revision
where article_revision.is_current and article_revision.status <> 'canceled';

comment on view mart.article is 'One wide row per current article that was not canceled: what to open first. Key: article_id.';
comment on column mart.article.article_key is 'The revision, the same in every copy; bodies are stored in this order';
comment on column mart.article.article_id is 'The article, the same over its revisions and in every copy';
comment on column mart.article.revision is 'How many-th revision it is';
comment on column mart.article.topics is 'Labels that the dump gives, for list_contains(topics, ''trams''); empty for the articles of a feed that gives none';
comment on column mart.article.status is 'usable, corrected, withheld or embargoed';
