create table if not exists ops.article_alias (
    kind varchar not null,
    value varchar not null,
    article_id bigint not null,
    dump_key bigint not null
);

comment on table ops.article_alias is 'Every key that an article was ever known by. Key: kind, value.';
comment on column ops.article_alias.kind is 'native_id (unique the world over), native_id:<source> (unique in that feed), url or content';
comment on column ops.article_alias.value is 'The id, the address without tracking parameters, or the hash of publication, headline and body';
comment on column ops.article_alias.article_id is 'The article that it leads to';
comment on column ops.article_alias.dump_key is 'Delivery that first gave the key; see ops.dump';
