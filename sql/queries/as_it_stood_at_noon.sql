-- What had the wire published on 12 March 2026 by noon, and how did it read then?
select
    headline,
    revision,
    valid_from
from mart.article_as_of(/* instant */ timestamp '2026-03-12 12:00:00')
where publication = /* publication */ 'Valley Wire' and published_date = /* day */ date '2026-03-12'
order by valid_from, article_id;
