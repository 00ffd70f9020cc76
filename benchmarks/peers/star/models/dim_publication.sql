select row_number() over (order by publication_name) as publication_key, publication_name
from (select distinct publication_name from {{ ref('stg_article') }})
