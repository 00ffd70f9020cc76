-- The publications with most gaps in the $days days that end with $newest, with the state of each of these days: there,
-- thin, missing, or nothing (no article, and none is usual). For what counts as a gap, see mart.coverage_gap.
-- The day is a parameter, not a subquery, so that DuckDB computes only these days and not the whole archive.
with
gap as (
    select
        publication_key,
        publication,
        day,
        kind,
        usual_articles
    from mart.coverage_gap
    where day > $newest::date - $days::integer and day <= $newest::date
),

most_gaps as (
    select
        publication_key,
        publication,
        count(*) filter (kind = 'missing') as missing_days,
        count(*) filter (kind = 'thin') as thin_days,
        row_number() over (order by sum(usual_articles) desc, publication_key) as rank,
        count(*) over () as publications_with_gaps
    from gap
    group by publication_key, publication
    qualify rank <= $publications
),

shown as (
    select
        most_gaps.publication_key,
        most_gaps.publication,
        most_gaps.missing_days,
        most_gaps.thin_days,
        most_gaps.rank,
        most_gaps.publications_with_gaps,
        $newest::date - back.days::integer as day
    from most_gaps
    cross join range($days) as back (days)
)

select
    shown.publication,
    shown.missing_days,
    shown.thin_days,
    shown.publications_with_gaps,
    shown.day,
    coalesce(daily_volume.articles, 0) as articles,
    gap.usual_articles as usual,
    coalesce(gap.kind, if(daily_volume.articles > 0, 'there', 'nothing')) as state
from shown
left join gap on gap.publication_key = shown.publication_key and gap.day = shown.day
left join mart.daily_volume
    on daily_volume.publication_key = shown.publication_key and daily_volume.published_date = shown.day
order by shown.rank, shown.day;
