-- after: news.fact_article
create table if not exists mart.author_count (
    author_key integer not null,
    publication_key integer not null,
    month_key integer not null,
    articles bigint not null,
    words bigint not null
);

comment on table mart.author_count is 'The counts behind mart.author_output, updated with every change to an article. Key: author_key, publication_key, month_key.';
comment on column mart.author_count.author_key is 'Author; see news.dim_author';
comment on column mart.author_count.publication_key is 'Publication; 0 is unknown; see news.dim_publication';
comment on column mart.author_count.month_key is 'Month of the date as printed, as yyyymm; 0 is unknown';
comment on column mart.author_count.articles is 'Articles with this name in the byline';
comment on column mart.author_count.words is 'Words in the bodies of these articles';

-- around
create temp table if not exists author_change (
    author_key integer,
    publication_key integer,
    month_key integer,
    articles bigint,
    words bigint
);

-- around: the changing articles in their present form
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
    semi join counted_article on counted_article.article_id = fact_article.article_id
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
        author_count.author_key,
        author_count.publication_key,
        author_count.month_key,
        author_count.articles,
        author_count.words
    from mart.author_count
    semi join author_change
        on author_change.author_key = author_count.author_key
        and author_change.publication_key = author_count.publication_key
        and author_change.month_key = author_count.month_key
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
delete from mart.author_count
using author_total
where
    author_total.author_key = author_count.author_key
    and author_total.publication_key = author_count.publication_key
    and author_total.month_key = author_count.month_key;

-- derived
insert into mart.author_count
select
    author_key,
    publication_key,
    month_key,
    articles,
    words
from author_total
where articles > 0
order by author_key, publication_key, month_key;

-- derived
drop table author_change;
