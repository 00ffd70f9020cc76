create table if not exists ops.search_gap (
    article_key bigint not null
);

comment on table ops.search_gap is 'Revisions that were taken out of the search index because they were removed or changed; those that are still there go into its next segment. Key: article_key.';
comment on column ops.search_gap.article_key is 'The revision, which may be gone';
