"""PyAirbyte alone: reads the sample data into the destination that stdin names, and prints how long that took."""

import json
import sys
import time
from pathlib import Path

import airbyte
from airbyte.caches import DuckDBCache, PostgresCache

given = json.load(sys.stdin)
destination = given["destination"]
source = airbyte.get_source(
    "source-faker",
    local_executable=Path(given["source"]),
    config={"count": given["count"], "seed": 1},
    streams=given["streams"],
)
if destination["destinationType"] == "duckdb":
    cache = DuckDBCache(db_path=Path(given["folder"]) / "alone.duckdb")
else:
    from urllib.parse import quote

    cache = PostgresCache(
        host=destination["host"],
        port=destination["port"],
        database=destination["database"],
        username=destination["username"],
        # PyAirbyte puts it into a URL as it is.
        password=quote(destination["password"], safe=""),
        schema_name="alone",
        cache_dir=Path(given["folder"]) / "cache",
    )
begun = time.monotonic()
source.read(cache=cache, force_full_refresh=True)
print(f"seconds {time.monotonic() - begun}")
