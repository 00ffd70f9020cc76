-- The bodies of those `gained` texts, in a range of revisions, that have no fingerprint yet.
select
    gained.text_key,
    gained.body_hash,
    article_text.body
from news.article_text
inner join gained on gained.article_key = article_text.article_key
anti join fingerprint on fingerprint.text_key = gained.text_key
where article_text.article_key between $first and $last
order by gained.text_key;
