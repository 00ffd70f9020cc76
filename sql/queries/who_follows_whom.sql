-- Which papers follow which others with a story, and how much later?
select
    publication as follower,
    first_publication as followed,
    count(*) as stories,
    round(median(days_after_first), 1) as median_days,
    round(median(hours_after_first), 1) as median_hours
from mart.syndication
where not is_first and first_publication is not null
group by publication, first_publication
order by stories desc, follower, followed;
