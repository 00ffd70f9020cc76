create table if not exists news.bridge_article_author (
    article_key bigint not null,
    author_key integer not null,
    position integer not null,
    email varchar,
    role varchar
);

comment on table news.bridge_article_author is 'The people named in the byline of every revision. Key: article_key, position.';
comment on column news.bridge_article_author.article_key is 'The revision; see news.fact_article';
comment on column news.bridge_article_author.author_key is 'The author; see news.dim_author';
comment on column news.bridge_article_author.position is 'Position in the byline, from 1';
comment on column news.bridge_article_author.email is 'E-mail address given in the byline; depending on BROADSHEET_AUTHOR_EMAILS, its hash (email: and 16 digits) or empty';
comment on column news.bridge_article_author.role is 'Role given in the byline, such as Political Editor';

insert into news.bridge_article_author
with
people as (
    select
        article_key,
        unnest(authors) as person,
        generate_subscripts(authors, 1) as position
    from incoming
    where outcome in ('inserted', 'revised')
)

select
    people.article_key,
    dim_author.author_key,
    people.position,
    people.person.email as email,
    people.person.role as role
from people
inner join news.dim_author on dim_author.author_name = people.person.name
order by people.article_key, people.position;
