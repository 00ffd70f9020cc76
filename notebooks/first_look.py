"""A first look at the published file, as a marimo notebook.

.venv/bin/marimo edit notebooks/first_look.py     in a browser, to edit and experiment
.venv/bin/python notebooks/first_look.py          as a plain script: prints its results
"""

import marimo

app = marimo.App(width="medium", app_title="A first look")


@app.cell
def _():
    import os
    from pathlib import Path

    import altair as alt
    import duckdb
    import marimo as mo

    return Path, alt, duckdb, mo, os


@app.cell
def _(mo):
    mo.md("""
    # A first look

    Everything below queries the published file, read-only, so nothing here can do harm. A load may run meanwhile:
    it publishes another file. Run the notebook again to see that one.
    """)
    return


@app.cell
def _(Path, duckdb, os):
    project = Path(__file__).resolve().parent.parent
    published = Path(os.environ.get("BROADSHEET_HOME", project / "var")) / "published" / "broadsheet.duckdb"
    warehouse = duckdb.connect(str(published.resolve()), read_only=True)
    return (warehouse,)


@app.cell
def _(mo, warehouse):
    # One row that describes this file.
    watermark = warehouse.sql("select published_at, articles, first_date, last_date from mart.watermark").df()
    print(watermark.to_string(index=False))
    mo.vstack([mo.md("## What is in it"), watermark])
    return (watermark,)


@app.cell
def _(mo, warehouse):
    # mart.daily_volume holds finished counts: one row per day, publication and language.
    publications = warehouse.sql("""
        select
            publication,
            sum(articles)::bigint as articles,
            round(sum(words) / sum(articles)) as mean_words,
            max(published_date) as last_day
        from mart.daily_volume
        group by publication
        order by articles desc, publication
    """).df()
    print(publications.head(10).to_string(index=False))
    mo.vstack([mo.md("## How much each publication wrote"), publications])
    return (publications,)


@app.cell
def _(alt, mo, warehouse):
    days = warehouse.sql("""
        select published_date as day, publication, sum(articles)::bigint as articles
        from mart.daily_volume
        where published_date > (select max(published_date) - 60 from mart.daily_volume)
        group by all
        order by all
    """).df()
    chart = (
        alt.Chart(days)
        .mark_bar()
        .encode(x="day:T", y="articles:Q", color="publication:N")
        .properties(width="container")
    )
    mo.vstack([mo.md("## The last 60 days"), chart])
    return chart, days


@app.cell
def _(mo, warehouse):
    # Bodies are large: filter by publication, date or key first, and read the texts of what is left.
    newest = warehouse.sql("""
        select published_date, publication, headline, authors, word_count
        from mart.article
        where published_date is not null
        order by published_date desc, article_id
        limit 10
    """).df()
    print(newest[["published_date", "publication", "headline"]].to_string(index=False, max_colwidth=60))
    mo.vstack([mo.md("## The newest articles"), newest])
    return (newest,)


@app.cell
def _(mo, warehouse):
    authors = warehouse.sql("""
        select author, publication, sum(articles)::bigint as articles
        from mart.author_output
        group by author, publication
        order by articles desc, author, publication
        limit 10
    """).df()
    print(authors.to_string(index=False))
    mo.vstack([mo.md("## The authors with the most articles"), authors])
    return (authors,)


@app.cell
def _(mo):
    mo.md("""
    Every column is explained in docs/data_dictionary.md, and by
    `select table_name, column_name, comment from duckdb_columns()`.
    """)
    return


if __name__ == "__main__":
    app.run()
