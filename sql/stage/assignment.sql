-- The article of every candidate of one batch, filled chunk by chunk.
create or replace temp table assignment (
    ordinal bigint,
    dump_key bigint,
    article_id bigint,
    identity_basis varchar,
    content_hash varchar,
    has_id_collision boolean
);
