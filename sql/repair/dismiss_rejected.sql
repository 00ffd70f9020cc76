-- Dismisses rejected articles that are waiting, chosen by delivery (key, path or glob) or feed, and by run and by reason
-- (a part of it). Returns how many.
create or replace temp table dismissed as
select
    open_rejection.run_id,
    open_rejection.dump_key,
    open_rejection.position
from ops.open_rejection
where
    (
        $everything
        or open_rejection.source = $of_source
        or open_rejection.path = $name
        or open_rejection.dump_key::varchar = $name
        or open_rejection.path glob $name
    )
    and ($of_run is null or open_rejection.run_id = $of_run)
    and ($of_reason is null or contains(lower(open_rejection.reason), lower($of_reason)));

update ops.rejected_article
set
    dismissed_at = $loaded_at,
    dismissed_because = $reason
from (select distinct run_id, dump_key, position from dismissed) as chosen
where
    chosen.run_id = rejected_article.run_id
    and chosen.dump_key = rejected_article.dump_key
    and chosen.position = rejected_article.position
    and rejected_article.replayed_at is null;

select count(*) as articles from dismissed;
