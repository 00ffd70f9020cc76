-- At which three hours (UTC) does each paper publish most, if it prints a time?
select
    publication,
    hour(published_at) as hour,
    count(*) as articles
from mart.article
where published_at is not null
group by publication, hour
qualify row_number() over (partition by publication order by articles desc, hour) <= 3
order by publication, articles desc, hour;
