-- The deliveries whose articles are to be normalised again: of a feed or a dump (its path or key), in a range of dates.
select
    dump.dump_key,
    dump.path,
    dump.source,
    dump.format,
    dump.sha256,
    dump.manifest_sha256,
    dump.stated,
    dump.bytes,
    count(*) as revisions
from news.fact_article
inner join ops.dump on dump.dump_key = fact_article.dump_key
where
    ($of_source is null or dump.source = $of_source)
    and ($of_dump is null or dump.path = $of_dump or dump.dump_key::varchar = $of_dump)
    and ($from_date_key is null or fact_article.published_date_key >= $from_date_key)
    and ($to_date_key is null or fact_article.published_date_key between 1 and $to_date_key)
group by all
order by dump.dump_key;
