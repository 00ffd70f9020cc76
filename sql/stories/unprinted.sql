-- The `gained` texts that have no fingerprint yet.
select
    gained.text_key,
    gained.article_key
from gained
anti join fingerprint on fingerprint.text_key = gained.text_key
order by gained.article_key;
