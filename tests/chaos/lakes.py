"""Lakes to be broken: PostgreSQL, an S3 server behind a proxy that makes the weather, and homes that use them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import local_services
import services
import weather
from snapshot import Snapshot, broken_law_of, snapshot_of

from chaos.aftermath import differences, last_words
from chaos.child import Ended
from chaos.homes import Home
from chaos.theatre import Broken, Theatre
from etl.settings import Settings, load_settings
from etl.warehouse import lake, published

BUCKET = "lake"


def why_not() -> str | None:
    """Why there can be no lake here; None where there can."""
    return None if services.has_postgres() else "waits for PostgreSQL: apt-get install postgresql"


@dataclass
class Shore:
    """The servers, and the homes whose lake they keep. `base` has yesterday's run behind it."""

    theatre: Theatre
    postgres: services.Postgres
    sky: weather.Weather
    client: Any
    is_on_s3: bool
    base: Home | None = None

    def new_home(self) -> Home:
        """A home with an empty lake, over the newsroom."""
        folder = self.theatre.new_folder()
        home = Home(folder, self.theatre.newsroom)
        data = f"s3://{BUCKET}/{folder.name}" if self.is_on_s3 else str(folder / "lake")
        return home.setting(warehouse=lake.PREFIX + self.postgres.new_database(), lake_data=data)

    def copy(self, home: Home) -> Home:
        """A home as another one is now, with a lake of its own."""
        folder = self.theatre.new_folder()
        before = settings_of(home)
        catalogue = self.postgres.new_database(template=database_of(before))
        data = f"s3://{BUCKET}/{folder.name}" if self.is_on_s3 else str(folder / "lake")
        moved = f"update ducklake_metadata set value = '{data}/' where key = 'data_path'"  # as docs/scaling.md says
        self.postgres.as_superuser(catalogue, moved)
        copied = home.copy(folder).setting(warehouse=lake.PREFIX + catalogue, lake_data=data)
        if self.is_on_s3:
            old, new = before.lake_data.removeprefix(f"s3://{BUCKET}/"), folder.name
            for key in self.keys(old):
                source = {"Bucket": BUCKET, "Key": key}
                self.client.copy_object(Bucket=BUCKET, Key=key.replace(old, new, 1), CopySource=source)
        return copied

    def keys(self, prefix: str) -> list[str]:
        """The objects below a prefix."""
        pages = self.client.get_paginator("list_objects_v2").paginate(Bucket=BUCKET, Prefix=f"{prefix}/")
        return [found["Key"] for page in pages for found in page.get("Contents", ())]


@contextmanager
def shore(theatre: Theatre, is_on_s3: bool) -> Iterator[Shore]:
    """Servers for lakes, started and stopped; and a lake with yesterday's run behind it."""
    import boto3

    with services.postgres() as postgres, services.s3() as storage:
        local_services.new_bucket(storage.port, BUCKET)
        environment = storage.environment
        with weather.before(storage.port) as sky:
            client = boto3.client(
                "s3",
                endpoint_url=environment["AWS_ENDPOINT_URL"],
                aws_access_key_id="tests",
                aws_secret_access_key="tests",
                region_name=environment["AWS_REGION"],
            )
            os.environ.update(environment, AWS_ENDPOINT_URL=f"http://127.0.0.1:{sky.port}")
            found = Shore(theatre, postgres, sky, client, is_on_s3)
            found.base = _with_yesterday(found)
            yield found


def _with_yesterday(found: Shore) -> Home:
    home = found.new_home()
    ended = home.broadsheet("ingest", *(str(home.landing / f"{number:03}.jsonl") for number in range(1)))
    if ended.code:
        raise Broken(f"yesterday's run into the lake ended with {ended.code}:\n{ended.text}")
    return home


def settings_of(home: Home) -> Settings:
    """The settings under which the processes of a home run."""
    return load_settings(home.environment)


def database_of(settings: Settings) -> str:
    """The name of the database that keeps a catalogue."""
    in_lake = lake.of(settings)
    assert in_lake
    return str(lake.psycopg2_extensions().parse_dsn(in_lake.catalogue)["dbname"])


def seen_in_lake(home: Home) -> lake.Snapshot:
    """The snapshot that analysts of a home are handed."""
    place = published.seen(settings_of(home))
    assert isinstance(place, lake.Snapshot)
    return place


def same_in_lake(expected: Snapshot, home: Home, rerun: Ended, but: tuple[str, ...] = ()) -> list[str]:
    """Everything that analysts do not see as after an undisturbed run into a plain file."""
    if rerun.code:
        return [f"the rerun ended with {rerun.code}: {last_words(rerun)}"]
    place = seen_in_lake(home)
    broken = [f"the law is broken: {row}" for row in broken_law_of(place)]
    return [*differences(expected, snapshot_of(place), but), *broken]
