select article_id, author_key, position
from (
    select article_id, unnest(authors) as author_name, generate_subscripts(authors, 1) as position
    from {{ ref('stg_article') }}
)
join {{ ref('dim_author') }} using (author_name)
