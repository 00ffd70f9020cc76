create table if not exists ops.search_gap (
    article_key bigint not null
);

comment on table ops.search_gap is 'Keys of revisions that were taken out of the search index because they were removed or changed. Where there is such a revision, still or again, it goes into the next segment. Key: article_key.';
comment on column ops.search_gap.article_key is 'The key, which may be free';
