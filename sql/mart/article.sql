-- after: mart.article_revision
-- columns of: mart.article_revision
create or replace view mart.article as
select article_revision.* exclude (is_current, valid_from, valid_to)
from mart.article_revision
where article_revision.is_current and article_revision.status <> 'canceled';

comment on view mart.article is 'One wide row per article that has not been canceled, in its current revision: start here. Key: article_id.';
comment on column mart.article.article_key is 'Surrogate key of the revision, the same in every published copy; bodies are stored in this order';
comment on column mart.article.article_id is 'The article; the same for all its revisions and in every published copy';
comment on column mart.article.revision is 'Number of the revision, from 1';
comment on column mart.article.topics is 'Subjects among the labels that the dump gives, each once; filter with list_contains(topics, ''trams''); an empty list if there are none';
comment on column mart.article.status is 'usable, corrected, withheld or embargoed';
