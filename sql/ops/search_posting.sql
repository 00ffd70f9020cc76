-- after: ops.search_segment
create table if not exists ops.search_posting (
    segment_key bigint not null,
    term_start varchar not null,
    term varchar not null,
    hits bigint[] not null
);

comment on table ops.search_posting is 'The search index: which revisions contain each word, for mart.find_articles. Key: segment_key, term.';
comment on column ops.search_posting.segment_key is 'Part of the index; see ops.search_segment';
comment on column ops.search_posting.term_start is 'How the word begins, by which it is looked up, as mart.search_start returns it';
comment on column ops.search_posting.term is 'A word, in the form that mart.search_terms returns';
comment on column ops.search_posting.hits is 'Revisions with the word: each as twice its article_key, and one more if the word is in the headline';
