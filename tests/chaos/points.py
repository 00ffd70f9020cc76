"""The named points at which a run is killed: before, after and between what a stage writes."""

from __future__ import annotations

from chaos.progress import Point

FACTS = "insert into news.fact_article"
TEXTS = "insert into news.article_text"
STORIES = "insert into news.article_story"
LEDGER = "insert into ops.dump_load"

BEFORE_LOAD = (
    Point("discover", "delivery_of", 3),
    Point("discover", "save", when="leaving"),
    Point("discover", "discover", when="leaving"),
    Point("extract", "_flush_records", 2, "leaving"),
    Point("extract", "_read_cut", when="leaving"),
    Point("gather", "gather", when="leaving"),
    Point("normalise", "normalise_records", 2),
    Point("normalise", "normalise", when="leaving"),
    Point("check", "_check_batch", 2),
    Point("check", "_judge_dumps"),
    Point("check", "check", when="leaving"),
)

# The first commit of a load into a new warehouse is that of its schema.
LOAD = (
    Point("load", "migrate"),
    Point("load", "file incoming_dump.sql"),
    Point("load", "assign"),
    Point("load", "assign", 2, "leaving"),
    Point("load", "file incoming.sql", 2, "leaving"),
    Point("load", FACTS, 1, "leaving"),
    Point("load", TEXTS, 2),
    Point("load", STORIES, 2, "leaving"),
    Point("load", LEDGER, 2, "leaving"),
    Point("load", "_quarantine", 1),
    Point("load", "_quarantine", 2, "leaving"),
    Point("load", "do_commit", 2),
    Point("load", "do_commit", 2, "leaving"),
    Point("load", "do_commit", 3, "leaving"),
    Point("load", "_load_batch", 2),
    Point("load", "record_once"),
    Point("load", "record_once", when="leaving"),
    Point("load", "dispose"),
    Point("load", "dispose", when="leaving"),
    Point("load", "load", when="leaving"),
)

VERIFY = (
    Point("verify", "verify_touched"),
    Point("verify", "record"),
    Point("verify", "do_commit"),
    Point("verify", "do_commit", when="leaving"),
    Point("verify", "dispose"),
)

PUBLISH = (
    Point("publish", "copy_for_analysts"),
    Point("publish", "copyfile"),
    Point("publish", "copyfile", when="leaving"),
    Point("publish", "sync"),
    Point("publish", "refuse_unreadable"),
    Point("publish", "refuse_unreadable", when="leaving"),
    Point("publish", "write"),
    Point("publish", "sync", 2, "leaving"),
    Point("publish", "write", when="leaving"),
    Point("publish", "_draw_front_page"),
    Point("publish", "_draw_front_page", when="leaving"),
    Point("publish", "drop_old"),
    Point("publish", "publish", when="leaving"),
)

HALF_A_COPY = Point("publish", "copyfile", when="leaving")
