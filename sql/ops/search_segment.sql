-- after: news.fact_article
create table if not exists ops.search_segment (
    segment_key bigint not null,
    revisions bigint not null,
    last_article_key bigint not null
);

comment on table ops.search_segment is 'Parts of the search index, each sorted by word. All revisions up to the last of any are in it, but for those in ops.search_gap; mart.find_articles reads the texts of these and of later ones. Key: segment_key.';
comment on column ops.search_segment.segment_key is 'Surrogate key';
comment on column ops.search_segment.revisions is 'How many revisions went into the segment';
comment on column ops.search_segment.last_article_key is 'The last of them';
