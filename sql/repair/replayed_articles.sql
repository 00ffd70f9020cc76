-- Rejected articles to be replayed, by run, dump (its path or key) or reason (part of it), all if none given; those that
-- were dismissed too if asked for.
-- Replays of older versions left several rows of one article: the first of them has its raw record.
select
    rejected_article.dump_key,
    rejected_article.ordinal,
    rejected_article.position,
    rejected_article.quarantine_file,
    dump.path,
    dump.source,
    dump.format,
    dump.sha256,
    dump.manifest_sha256,
    dump.stated,
    dump.bytes
from ops.rejected_article
inner join ops.dump on dump.dump_key = rejected_article.dump_key
inner join ops.dump_status on dump_status.dump_key = rejected_article.dump_key
inner join ops.load_run on load_run.run_id = rejected_article.run_id
where
    rejected_article.replayed_at is null
    and (rejected_article.dismissed_at is null or $dismissed)
    and rejected_article.stage not in ('dump', 'takedown')
    and rejected_article.reason <> 'taken down'
    and dump_status.state = 'loaded'
    and ($of_run is null or rejected_article.run_id = $of_run)
    and ($of_dump is null or dump.path = $of_dump or dump.dump_key::varchar = $of_dump)
    and ($of_reason is null or contains(lower(rejected_article.reason), lower($of_reason)))
qualify
    rank() over (
        partition by rejected_article.dump_key, rejected_article.position
        order by load_run.run_number
    ) = 1
order by rejected_article.dump_key, rejected_article.run_id, rejected_article.ordinal;
