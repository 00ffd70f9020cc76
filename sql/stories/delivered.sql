-- The fingerprints of the `gained` texts that were delivered with the batch.
insert into fingerprint
select
    gained.text_key,
    gained.body_hash,
    article.shingle_count,
    article.story_bands,
    article.story_sketch
from gained
inner join incoming on incoming.article_key = gained.article_key
inner join read_parquet($articles_path) as article on article.ordinal = incoming.ordinal;
