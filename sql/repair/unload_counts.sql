-- What an unload removed, and what stays because another delivery contained it too.
select
    (select count(*) from gone) as revisions,
    (select count(*) from forgotten) as articles,
    (select count(*) from handed_on) as handed_on;
