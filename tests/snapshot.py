"""What analysts see, as rows over natural keys: equal for two homes that reached the same state in different ways.

Surrogate keys, run ids and load times are left out because they depend on how a warehouse reached its state.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa

from etl.settings import Settings
from etl.warehouse import lake, opening, published, reading
from etl.warehouse.catalogue import all_tables

Snapshot = dict[str, pa.Table]
"""Rows, in order, by the name of the query."""

QUERIES = {
    "articles": """
        select
            fact_article.content_hash, fact_article.revision, fact_article.is_current, fact_article.published_at,
            fact_article.published_date_key, fact_article.date_basis, dim_publication.publication_name,
            dim_section.section_name, dim_language.language_code, dump.path, fact_article.position,
            fact_article.identity_basis, fact_article.word_count, article_text.headline, md5(article_text.body)
        from news.fact_article
        inner join news.article_text using (article_key)
        inner join news.dim_publication using (publication_key)
        inner join news.dim_section using (section_key)
        inner join news.dim_language using (language_key)
        inner join ops.dump using (dump_key)
        order by all
    """,
    "authors": """
        select fact_article.content_hash, dim_author.author_name, bridge_article_author.position, role, email
        from news.bridge_article_author
        inner join news.fact_article using (article_key)
        inner join news.dim_author using (author_key)
        order by all
    """,
    "topics": """
        select fact_article.content_hash, dim_topic.scheme, dim_topic.topic_code
        from news.bridge_article_topic
        inner join news.fact_article using (article_key)
        inner join news.dim_topic using (topic_key)
        order by all
    """,
    "aliases": """
        select article_alias.kind, article_alias.value, min(fact_article.content_hash)
        from ops.article_alias inner join news.fact_article using (article_id)
        group by all order by all
    """,
    "stories": """
        select min(fact_article.content_hash), dim_story.article_count, dim_story.publication_count,
            any_value(dim_story.kind)
        from news.dim_story
        inner join news.article_story using (story_key)
        inner join news.fact_article using (article_id)
        group by story_key, article_count, publication_count order by all
    """,
    "ledger": """
        select path, state, articles_read, inserted, revised, unchanged, rejected
        from ops.dump_status order by all
    """,
    "rejected": """
        select dump.path, rejected_article.position, rejected_article.stage, rejected_article.reason
        from ops.rejected_article inner join ops.dump using (dump_key)
        order by all
    """,
}

BROKEN_LAW = """
    select run_id, dump_key, articles_read, inserted, revised, unchanged, rejected
    from ops.dump_load where articles_read <> inserted + revised + unchanged + rejected
"""


def snapshot(home: Path) -> Snapshot:
    """The answers of the published file of a home to all queries."""
    return snapshot_of(home / "published" / published.LINK)


def snapshot_of(place: Path | lake.Snapshot) -> Snapshot:
    """The answers of a file or of a lake to all queries."""
    with reading.attached(place) as connection:
        return {name: connection.execute(query).to_arrow_table() for name, query in QUERIES.items()}


def broken_law(home: Path) -> list[tuple[Any, ...]]:
    """The rows of the ledger in the published file whose counts do not add up."""
    return broken_law_of(home / "published" / published.LINK)


def broken_law_of(place: Path | lake.Snapshot) -> list[tuple[Any, ...]]:
    """The same of a file or of a lake."""
    with reading.attached(place) as connection:
        return connection.execute(BROKEN_LAW).fetchall()


def hashes(settings: Settings) -> dict[str, tuple[Any, ...]]:
    """How many rows every table has, and a sum of their hashes: without the times at which it was run."""
    times = "^(loaded|first_seen|started|finished|applied)_at$"
    with reading.attached(opening.source(settings)) as connection:
        return {
            table.full_name: connection.execute(
                "select count(*), sum(hash(kept)::hugeint) from (select columns(name -> not regexp_matches(name, $1)) "
                f"from {TIMELESS.get(table.full_name, table.full_name)}) as kept",
                [f"{times}|^published_at$" if table.full_name == "ops.publication" else times],
            ).fetchall()[0]
            for table in all_tables().values()
            if not table.is_view
        }


TIMELESS = {
    # An article without dates is valid from the time at which it was loaded.
    "news.fact_article": "(select * replace (nullif(valid_from, loaded_at) as valid_from, "
    "nullif(valid_to, loaded_at) as valid_to) from news.fact_article)"
}
