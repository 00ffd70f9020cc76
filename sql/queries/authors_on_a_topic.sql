-- Who writes about schools, for which papers, and how much?
with
articles as (
    select
        article_id,
        publication,
        word_count,
        unnest(list_distinct(authors)) as author
    from mart.article
    where list_contains(topics, /* topic */ 'schools')
)

select
    author,
    list(distinct publication order by publication) as publications,
    count(*) as articles,
    sum(word_count)::bigint as words
from articles
group by author
order by articles desc, author;
