"""Two loaders, real processes, over one lake whose lock is taken away again and again; `make chaos ONLY=lake` has the
same with whole nights, on S3 too.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
import services
from newsroom import make_newsroom

from etl.warehouse import lake, lake_lock, opening, reading

pytestmark = services.needs_postgres()

COMMITS, ROBBERIES = 6, 4

LOADER = f"""
import sys
from etl.settings import load_settings
from etl.warehouse import WarehouseError, lake_writing, opening

lake_writing.PAUSES_SECONDS = (0.1,) * 5
left = {COMMITS}

def work(connection, retries):
    connection.exec_driver_sql(
        "insert into ops.search_gap select coalesce(max(article_key), 0) + 1 from ops.search_gap"
    )
    connection.exec_driver_sql(
        "insert into ops.article_alias select 'id', '" + sys.argv[1] + "', coalesce(max(article_id), 0) + 1, 1 "
        "from ops.article_alias"
    )

while left:
    try:
        with opening.opened(load_settings(), "load of run " + sys.argv[1]) as engine:
            while left:
                lake_writing.in_transaction(engine, work)
                left -= 1
    except WarehouseError as error:
        print(error)
"""

ROB = f"""
    select pg_terminate_backend(pid)
    from ({lake_lock.HOLDER.replace("application_name,", "pid, application_name,")}) as holder
    where application_name like '%load of run%'
"""

BOTH = "select (select count(*) from ops.search_gap), (select count(*) from ops.article_alias)"


@pytest.mark.parametrize("is_filled", [False, True])
def test_no_row_is_lost_or_doubled_and_no_read_is_torn(
    tmp_path: Path, in_lake: dict[str, Any], is_filled: bool
) -> None:
    settings = make_newsroom(tmp_path).with_settings(**in_lake).settings
    place = lake.of(settings)
    assert place
    if is_filled:
        with opening.opened(settings, "test"):
            pass
    environment = {
        **os.environ,
        "BROADSHEET_HOME": str(settings.home),
        "BROADSHEET_WAREHOUSE": settings.warehouse,
        "BROADSHEET_LAKE_DATA": settings.lake_data,
    }
    loaders = [
        subprocess.Popen([sys.executable, "-c", LOADER, name], env=environment, stdout=subprocess.PIPE, text=True)
        for name in ("one", "other")
    ]
    robbed, reads = 0, []
    with lake.catalogue_of(place, "robber") as connection, connection.cursor() as cursor:
        while any(loader.poll() is None for loader in loaders):
            if robbed < ROBBERIES:
                cursor.execute(ROB)
                robbed += len(cursor.fetchall())
            if lake.exists(place):
                with reading.attached(place) as reader:
                    reads += reader.execute(BOTH).fetchall()
            time.sleep(0.3)
    printed = [loader.communicate()[0] for loader in loaders]
    assert [loader.returncode for loader in loaders] == [0, 0], printed
    assert robbed
    assert [read for read in reads if read[0] != read[1]] == []
    with reading.attached(place) as reader:
        keys = "select count(*), count(distinct article_key), max(article_key) from ops.search_gap"
        assert reader.execute(keys).fetchall() == [(2 * COMMITS,) * 3]
        assert reader.execute("select value, count(*) from ops.article_alias group by all order by all").fetchall() == [
            ("one", COMMITS),
            ("other", COMMITS),
        ]
