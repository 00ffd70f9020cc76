create table if not exists news.article_text (
    article_key bigint not null,
    headline varchar,
    deck varchar,
    dateline varchar,
    byline varchar,
    body varchar,
    extra varchar
);

comment on table news.article_text is 'The text of every revision, in load order: filter by a range of keys. Key: article_key.';
comment on column news.article_text.article_key is 'The revision; see news.fact_article';
comment on column news.article_text.headline is 'Headline';
comment on column news.article_text.deck is 'Deck, also called subheadline or standfirst';
comment on column news.article_text.dateline is 'Dateline as printed';
comment on column news.article_text.byline is 'Byline as printed';
comment on column news.article_text.body is 'Body, with an empty line between paragraphs; empty if a partial or canceled article has no text';
comment on column news.article_text.extra is 'JSON: anything else that the dump says about the article';

insert into news.article_text by name
select
    incoming.article_key,
    article.headline,
    article.deck,
    article.dateline,
    article.byline,
    article.body,
    article.extra
from read_parquet($articles_path) as article
inner join incoming on incoming.ordinal = article.ordinal
where incoming.outcome in ('inserted', 'revised');
