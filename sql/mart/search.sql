-- after: mart.find_articles
create or replace macro mart.search(words) as table
select
    article_id,
    article_key,
    published_date,
    publication,
    headline,
    is_in_headline,
    url,
    story_key
from mart.find_articles(words);

comment on macro table mart.search is 'The former name of mart.find_articles, for this release: some tools cannot parse it. Columns: article_id, article_key, published_date, publication, headline, is_in_headline, url, story_key.';
