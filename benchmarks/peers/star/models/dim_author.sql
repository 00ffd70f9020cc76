select row_number() over (order by author_name) as author_key, author_name
from (select distinct unnest(authors) as author_name from {{ ref('stg_article') }})
