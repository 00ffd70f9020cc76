-- Every name of one kind: $kind is author, publication, section or topic. Of any other kind there are none.
select dim_author.author_name as name
from news.dim_author
where $kind = 'author'

union all

select dim_publication.publication_name as name
from news.dim_publication
where $kind = 'publication'

union all

select dim_section.section_name as name
from news.dim_section
where $kind = 'section'

union all

select topic.name
from news.topic
where $kind = 'topic' and topic.kind = 'subject';
