select distinct article_id, topic_key
from {{ ref('stg_topic') }}
join {{ ref('dim_topic') }} using (topic_name)
join {{ ref('stg_article') }} using (article_id)
