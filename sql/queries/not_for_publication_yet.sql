-- Which articles may not be published as of the last load: withheld, or under embargo?
select
    article.publication,
    article.headline,
    article.status,
    article.embargo_until
from mart.article
inner join mart.watermark
    on
        article.status = 'withheld'
        or article.embargo_until > watermark.loaded_at
        or (article.status = 'embargoed' and article.embargo_until is null)
order by article.embargo_until nulls first, article.article_id;
