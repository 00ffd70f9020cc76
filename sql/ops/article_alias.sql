create table if not exists ops.article_alias (
    kind varchar not null,
    value varchar not null,
    article_id bigint not null,
    dump_key bigint not null
);

comment on table ops.article_alias is 'Every key by which an article has ever been known. Key: kind, value.';
comment on column ops.article_alias.kind is 'native_id (globally unique), native_id:<source> (unique within that feed), url or content';
comment on column ops.article_alias.value is 'The id, the web address without tracking parameters, or the hash of publication, headline and body';
comment on column ops.article_alias.article_id is 'The article that the key identifies; 0 is none, for an id or address that different articles share';
comment on column ops.article_alias.dump_key is 'First delivery that contained the key; see ops.dump';
