-- An article once, by its URL without tracking; texts other than the body as they are shown.
select
    id as article_id,
    regexp_replace(url, '\?utm_.*', '') as url,
    trim(title) as headline,
    coalesce(nullif(trim(publication), ''), 'unknown') as publication_name,
    coalesce(nullif(trim(section), ''), 'unknown') as section_name,
    list_filter(
        regexp_split_to_array(regexp_replace(coalesce(byline, ''), '^By |, Staff Writer$', '', 'g'), ', | and '),
        name -> name != ''
    ) as authors,
    {% set as_text = 'published_at' if var('tuned') else 'published_at__v_text' %}
    coalesce(
        {{ 'try_cast(published_at as timestamptz)' if var('tuned') else 'published_at' }},
        try_strptime({{ as_text }}, ['%a, %d %b %Y %H:%M:%S GMT', '%B %d, %Y'])
    ) as published_at,
    md5(concat_ws(chr(10), title, body)) as content_hash
from {{ source('raw', 'article') }}
where body is not null
qualify row_number() over (partition by regexp_replace(url, '\?utm_.*', '') order by id desc) = 1
