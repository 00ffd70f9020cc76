-- What did the wire say at noon on 12 March 2026, before it was corrected?
select
    headline,
    revision,
    valid_from
from mart.article_as_of(timestamp '2026-03-12 12:00:00')
where publication = 'Valley Wire' and published_date = date '2026-03-12'
order by valid_from, article_id;
