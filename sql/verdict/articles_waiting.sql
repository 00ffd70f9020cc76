-- How many of the articles that one run rejected are waiting for a person.
select count(*) as articles
from ops.open_rejection
where run_id = $run_id;
