-- after: news.fact_article
create table if not exists ops.search_segment (
    segment_key bigint not null,
    first_article_key bigint not null,
    last_article_key bigint not null
);

comment on table ops.search_segment is 'Ranges of revisions that the search index covers; mart.search reads the texts of all others. Key: segment_key.';
comment on column ops.search_segment.segment_key is 'Surrogate key';
comment on column ops.search_segment.first_article_key is 'First revision in the segment';
comment on column ops.search_segment.last_article_key is 'Last revision in the segment; all revisions in between are included';
