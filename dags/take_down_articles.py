"""### Articles, taken down

Removes articles from every table, work and quarantine file, published copy and from the warehouse file itself, and keeps
them out: a tombstone of keys, hashes and fingerprints, without text, refuses every later delivery under any of their keys
or with the same text, and makes one with nearly the same text wait for a person. **For good**: the only way back is a new
delivery after the tombstone is removed by hand.

| task | what it does | when it fails |
|---|---|---|
| `take_down` | shows what would go (headlines, and other articles with the same text), waits for **another user** than the one who triggered it (Required Actions), then removes, writes the tombstone, rewrites the file, publishes, drops older copies | no article matches: look it up in `mart.article`; nobody answered within seven days; it was stopped: trigger the DAG again, which first finishes what was begun |
| `verdict` | ends the run: failed unless `take_down` itself said how it ended | its log has the reasons |

Who requests it may reject it, but not approve it: their own approval does not count, and the request keeps waiting. Setting
`take_down` to success or clearing it removes nothing.

The dumps in the landing folder are yours: the log, the notice and the Broadsheet page list those that still hold the text.
"""

from __future__ import annotations

from airflow.sdk import Param, dag

from broadsheet_airflow.forms import REASON, TEXT
from broadsheet_airflow.takedown import TakeDown, verdict
from broadsheet_airflow.tasks import DEFAULT_ARGS, POOL, described

PARAMS = {
    "by": Param(
        "url", type="string", enum=["id", "url", "email"], title="By", description="How to identify the articles."
    ),
    "value": Param(
        "",
        **TEXT,
        title="Value",
        description="The id from the dump (or our own, as `article 17`), the address, or an author's e-mail address.",
    ),
    "reason": REASON,
}


@dag(
    schedule=None,
    # Requests that wait for an answer hold no other up: the pool lets one task at a time open the warehouse.
    max_active_runs=16,
    params=PARAMS,
    **described(__doc__),
    tags=["broadsheet", "repair"],
    default_args=DEFAULT_ARGS,
)
def take_down_articles() -> None:
    """take_down >> verdict"""
    TakeDown(task_id="take_down", pool=POOL) >> verdict()


take_down_articles()
