-- Which names appear in the bylines of more than one paper?
select
    author,
    list(distinct publication order by publication) as publications,
    sum(articles)::bigint as articles
from mart.author_output
where publication_key <> 0
group by author
having count(distinct publication_key) > 1
order by articles desc, author;
