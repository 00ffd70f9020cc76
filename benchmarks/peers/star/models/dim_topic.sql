select row_number() over (order by topic_name) as topic_key, topic_name
from (select distinct topic_name from {{ ref('stg_topic') }})
