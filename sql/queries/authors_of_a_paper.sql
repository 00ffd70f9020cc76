-- Who writes for the Harbour Courier, how much, and since when?
select
    author,
    sum(articles)::bigint as articles,
    sum(words)::bigint as words,
    min(month) as first_month,
    max(month) as last_month
from mart.author_output
where publication = /* publication */ 'Harbour Courier'
group by author
order by articles desc, author;
