-- On which days is a paper missing, or much thinner than usual?
select
    day,
    day_name,
    publication,
    kind,
    articles,
    usual_articles
from mart.coverage_gap
order by day desc, publication;
