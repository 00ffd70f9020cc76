-- Which papers change their articles after publication, how soon, and by how many words?
select
    publication,
    count(*) as revisions,
    count(*) filter (is_body_changed) as texts_changed,
    round(median(hours_after_previous), 1) as median_hours,
    sum(words_added)::bigint as words_added,
    sum(words_removed)::bigint as words_removed
from mart.revision_history
where status <> 'canceled'
group by publication
order by revisions desc, publication;
