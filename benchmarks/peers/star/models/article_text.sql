select
    article_id,
    article.headline,
    body,
    len(string_split(replace(body, chr(10), ' '), ' ')) as word_count,
    length(body) as character_count
from (
    select id as article_id, trim(regexp_replace(body, '[ \x{a0}\t\r]+', ' ', 'g')) as body
    from {{ source('raw', 'article') }}
)
join {{ ref('stg_article') }} as article using (article_id)
