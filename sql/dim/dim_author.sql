create table if not exists news.dim_author (
    author_key integer not null,
    author_name varchar not null
);

comment on table news.dim_author is 'One row per author name found in bylines. Key: author_key. Key: author_name.';
comment on column news.dim_author.author_key is 'Surrogate key; 0 stands for an unknown author';
comment on column news.dim_author.author_name is 'Name, without "By", role, agency or e-mail address';

insert into news.dim_author (author_key, author_name)
select 0, 'unknown'
where not exists (select 1 from news.dim_author where author_key = 0);

insert into news.dim_author
with
new_authors as (
    select distinct unnest(authors).name as author_name
    from incoming
    where outcome in ('inserted', 'revised')
),

highest as (
    select max(author_key) as author_key from news.dim_author
)

select
    highest.author_key + row_number() over (order by new_authors.author_name) as author_key,
    new_authors.author_name
from new_authors
cross join highest
anti join news.dim_author as known on known.author_name = new_authors.author_name;
