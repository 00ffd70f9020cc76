select row_number() over (order by section_name) as section_key, section_name
from (select distinct section_name from {{ ref('stg_article') }})
