-- after: news.fact_article
create table if not exists ops.search_segment (
    segment_key bigint not null,
    first_article_key bigint not null,
    last_article_key bigint not null
);

comment on table ops.search_segment is 'Which revisions the search index holds; what is in no segment, mart.search looks through. Key: segment_key.';
comment on column ops.search_segment.segment_key is 'Surrogate key';
comment on column ops.search_segment.first_article_key is 'The first revision that it holds';
comment on column ops.search_segment.last_article_key is 'The last one; all between are in it';
