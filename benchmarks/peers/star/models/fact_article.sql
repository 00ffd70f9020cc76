select
    article_id,
    coalesce(cast(strftime(published_at, '%Y%m%d') as integer), 0) as published_date_key,
    published_at,
    publication_key,
    section_key,
    url,
    len(authors) as author_count,
    word_count,
    character_count,
    content_hash
from {{ ref('stg_article') }}
join {{ ref('article_text') }} using (article_id)
join {{ ref('dim_publication') }} using (publication_name)
join {{ ref('dim_section') }} using (section_name)
