-- The keys in `shared_key` identify no article any more, but article 0, for good; the revisions in `moved` and the keys in
-- `moved_key` go to their new articles, and no article is left without a key.
update news.fact_article
set article_id = moved.article_id
from moved
where moved.article_key = fact_article.article_key;

update ops.article_alias
set article_id = moved_key.article_id
from moved_key
where
    moved_key.kind = article_alias.kind
    and moved_key.value = article_alias.value
    and moved_key.former_article_id = article_alias.article_id;

delete from ops.article_alias
where exists (
    select 1 from shared_key where shared_key.kind = article_alias.kind and shared_key.value = article_alias.value
);

insert into ops.article_alias (kind, value, article_id, dump_key)
select
    kind,
    value,
    0 as article_id,
    min(dump_key) as dump_key
from shared_key
group by kind, value
order by kind, value;

-- They are known by the strongest key that is left.
update news.fact_article
set
    identity_basis = if(
        fact_article.identity_basis = 'native_id'
        and exists (
            select 1
            from ops.article_alias
            where
                article_alias.kind = 'url'
                and article_alias.value = fact_article.url
                and article_alias.article_id > 0
        ),
        'url',
        'content'
    )
from shared_key
where
    fact_article.article_id in (
        select article_id from affected

        union

        select article_id from moved
    )
    and (
        (
            fact_article.identity_basis = 'url'
            and shared_key.kind = 'url'
            and shared_key.value = fact_article.url
        )
        or (
            fact_article.identity_basis = 'native_id'
            and shared_key.kind in ('native_id', 'native_id:' || fact_article.source)
            and shared_key.value = fact_article.native_id
        )
    );

-- The content of such an article is the key of another one: its own hash is a key that leads nobody else here.
insert into ops.article_alias (kind, value, article_id, dump_key)
select
    'content' as kind,
    min(fact_article.content_hash) as value,
    fact_article.article_id,
    min(fact_article.dump_key) as dump_key
from news.fact_article
semi join (
    select article_id from affected

    union

    select article_id from moved
) as changed on changed.article_id = fact_article.article_id
anti join ops.article_alias as known on known.article_id = fact_article.article_id
group by fact_article.article_id
order by fact_article.article_id;
