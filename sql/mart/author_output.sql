-- after: news.fact_article
create table if not exists mart.author_output (
    author_key integer not null,
    author varchar not null,
    publication_key integer not null,
    publication varchar not null,
    month_key integer not null,
    month date,
    articles bigint not null,
    words bigint not null,
    run_id varchar not null
);

comment on table mart.author_output is 'One row per author, publication and month. An article of two authors counts for both; canceled ones do not count. Key: author_key, publication_key, month_key.';
comment on column mart.author_output.author_key is 'Author; see news.dim_author';
comment on column mart.author_output.author is 'Name as the byline gives it';
comment on column mart.author_output.publication_key is 'Publication; 0 is unknown; see news.dim_publication';
comment on column mart.author_output.publication is 'Name of the publication';
comment on column mart.author_output.month_key is 'Month of the date as printed, as yyyymm; 0 is unknown';
comment on column mart.author_output.month is 'First day of that month; empty where unknown';
comment on column mart.author_output.articles is 'Articles that bear the name';
comment on column mart.author_output.words is 'Words in their bodies';
comment on column mart.author_output.run_id is 'Run that last counted it; see ops.load_run';

-- around
create temp table if not exists author_change (
    author_key integer,
    publication_key integer,
    month_key integer,
    articles bigint,
    words bigint
);

-- around: the touched articles as they stand
insert into author_change
with
bylines as (
    select distinct
        fact_article.article_key,
        fact_article.publication_key,
        fact_article.published_date_key // 100 as month_key,
        fact_article.word_count,
        bridge_article_author.author_key
    from news.fact_article
    semi join touched_article on touched_article.article_id = fact_article.article_id
    inner join news.bridge_article_author on bridge_article_author.article_key = fact_article.article_key
    where fact_article.is_current and fact_article.status <> 'canceled'
)

select
    author_key,
    publication_key,
    month_key,
    $sign * count(*) as articles,
    $sign * sum(word_count) as words
from bylines
group by author_key, publication_key, month_key;

-- derived
create or replace temp table author_total as
with
counted as (
    select author_key, publication_key, month_key, articles, words
    from author_change

    union all

    select
        author_output.author_key,
        author_output.publication_key,
        author_output.month_key,
        author_output.articles,
        author_output.words
    from mart.author_output
    semi join author_change
        on author_change.author_key = author_output.author_key
        and author_change.publication_key = author_output.publication_key
        and author_change.month_key = author_output.month_key
)

select
    author_key,
    publication_key,
    month_key,
    sum(articles)::bigint as articles,
    sum(words)::bigint as words
from counted
group by author_key, publication_key, month_key;

-- derived
delete from mart.author_output
using author_total
where
    author_total.author_key = author_output.author_key
    and author_total.publication_key = author_output.publication_key
    and author_total.month_key = author_output.month_key;

-- derived
insert into mart.author_output
select
    author_total.author_key,
    dim_author.author_name as author,
    author_total.publication_key,
    dim_publication.publication_name as publication,
    author_total.month_key,
    strptime(nullif(author_total.month_key, 0)::varchar, '%Y%m')::date as month,
    author_total.articles,
    author_total.words,
    $run_id as run_id
from author_total
inner join news.dim_author on dim_author.author_key = author_total.author_key
inner join news.dim_publication on dim_publication.publication_key = author_total.publication_key
where author_total.articles > 0
order by author_total.author_key, author_total.publication_key, author_total.month_key;

-- derived
drop table author_change;
