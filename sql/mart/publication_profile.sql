-- after: mart.daily_volume
create or replace view mart.publication_profile as
with
articles as (
    select
        fact_article.publication_key,
        fact_article.is_partial,
        fact_article.word_count,
        fact_article.author_count > 0 as has_byline,
        fact_article.section_key <> 0 as has_section,
        fact_article.published_date_key <> 0 as has_date,
        fact_article.published_at is not null as has_time,
        fact_article.agency is not null as is_agency,
        fact_article.revision > 1 as is_revised,
        dim_language.language_code,
        dim_section.section_name
    from news.fact_article
    inner join news.dim_language on dim_language.language_key = fact_article.language_key
    inner join news.dim_section on dim_section.section_key = fact_article.section_key
    where fact_article.is_current and fact_article.status <> 'canceled'
),

counted as (
    select
        publication_key,
        count(*) as articles,
        count(*) filter (is_partial) as partial_articles,
        avg(word_count) filter (not is_partial) as mean_words,
        median(word_count) filter (not is_partial) as median_words,
        avg(has_byline::integer) as byline_share,
        avg(has_section::integer) as section_share,
        avg(has_date::integer) as date_share,
        avg(has_time::integer) as time_share,
        avg(is_agency::integer) as agency_share,
        avg(is_revised::integer) as revised_share,
        histogram(language_code) as languages
    from articles
    group by publication_key
),

sections as (
    select
        publication_key,
        section_name,
        count(*) as articles
    from articles
    where has_section
    group by publication_key, section_name
),

section_lists as (
    select
        publication_key,
        list(section_name order by articles desc, section_name)[:5] as sections
    from sections
    group by publication_key
),

days as (
    select
        publication_key,
        min(published_date) as first_date,
        max(published_date) as last_date,
        count(published_date) as days,
        sum(copies)::bigint as copies
    from mart.daily_volume
    group by publication_key
)

select
    counted.publication_key,
    dim_publication.publication_name as publication,
    dim_publication.country_code,
    dim_publication.domain,
    days.first_date,
    days.last_date,
    days.days,
    counted.articles,
    counted.partial_articles,
    days.copies,
    counted.mean_words,
    counted.median_words,
    counted.byline_share,
    counted.section_share,
    counted.date_share,
    counted.time_share,
    counted.agency_share,
    counted.revised_share,
    counted.languages,
    coalesce(section_lists.sections, []) as sections
from counted
inner join news.dim_publication on dim_publication.publication_key = counted.publication_key
inner join days on days.publication_key = counted.publication_key
left join section_lists on section_lists.publication_key = counted.publication_key;

comment on view mart.publication_profile is 'One row per publication: how many articles it has and what they are like. Canceled articles do not count. Shares are fractions of its articles, 0 to 1. Key: publication_key.';
comment on column mart.publication_profile.publication_key is 'Publication; 0 is unknown';
comment on column mart.publication_profile.publication is 'Name of the publication';
comment on column mart.publication_profile.country_code is 'Country of the publication, as an ISO 3166-1 alpha-2 code; the last one stated';
comment on column mart.publication_profile.domain is 'Web host of its articles, without www; the last one seen';
comment on column mart.publication_profile.first_date is 'Earliest date of its articles, as printed; empty if none is known';
comment on column mart.publication_profile.last_date is 'Latest date of its articles, as printed; empty if none is known';
comment on column mart.publication_profile.days is 'Days with at least one article';
comment on column mart.publication_profile.articles is 'Articles, including excerpts and copies';
comment on column mart.publication_profile.partial_articles is 'Of these, excerpts or summaries only';
comment on column mart.publication_profile.copies is 'Of these, articles whose story an earlier article had already carried, in any publication; see place in mart.story_article. What recurs as a series is no copy';
comment on column mart.publication_profile.mean_words is 'Mean length in words, leaving out excerpts and summaries';
comment on column mart.publication_profile.median_words is 'Median length in words, leaving out excerpts and summaries';
comment on column mart.publication_profile.byline_share is 'Share with a person named in the byline';
comment on column mart.publication_profile.section_share is 'Share with a known section';
comment on column mart.publication_profile.date_share is 'Share with a known date';
comment on column mart.publication_profile.time_share is 'Share with a known time of publication';
comment on column mart.publication_profile.agency_share is 'Share that credits a news agency';
comment on column mart.publication_profile.revised_share is 'Share with more than one revision';
comment on column mart.publication_profile.languages is 'Articles by language: a map from ISO 639-1 code to number of articles';
comment on column mart.publication_profile.sections is 'Its largest sections by number of articles, at most five';
