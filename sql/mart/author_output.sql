-- after: mart.author_count
create or replace view mart.author_output as
select
    author_count.author_key,
    dim_author.author_name as author,
    author_count.publication_key,
    dim_publication.publication_name as publication,
    author_count.month_key,
    strptime(nullif(author_count.month_key, 0)::varchar, '%Y%m')::date as month,
    author_count.articles,
    author_count.words
from mart.author_count
inner join news.dim_author on dim_author.author_key = author_count.author_key
inner join news.dim_publication on dim_publication.publication_key = author_count.publication_key;

comment on view mart.author_output is 'One row per author, publication and month. An article by two authors counts for both; canceled articles do not count. Key: author_key, publication_key, month_key.';
comment on column mart.author_output.author_key is 'Author';
comment on column mart.author_output.author is 'Name, without "By", role, agency or e-mail address';
comment on column mart.author_output.publication_key is 'Publication; 0 is unknown';
comment on column mart.author_output.publication is 'Name of the publication';
comment on column mart.author_output.month_key is 'Month of the date as printed, as yyyymm; 0 is unknown';
comment on column mart.author_output.month is 'First day of that month; empty if unknown';
comment on column mart.author_output.articles is 'Articles with this name in the byline';
comment on column mart.author_output.words is 'Words in the bodies of these articles';
