"""Reads a source into a database by PyAirbyte alone, as a program of a user's own would.

Takes on standard input {"program", "source", "kind": "duckdb" | "postgres", "cache"}, the last two being PyAirbyte's
cache and its arguments, and "began", the time of day in seconds; prints as its last line {"rows", "seconds",
"wholeSeconds", "firstRowSeconds", "peakBytes"}. The seconds are those of `read` alone: the import of PyAirbyte, the
connector's specification and its discovery are over by then. The first row is that of another reading, since `read`
doesn't tell.
"""

import json
import os
import resource
import sys
import time

import airbyte
from airbyte.caches import DuckDBCache, PostgresCache

CACHES = {"duckdb": DuckDBCache, "postgres": PostgresCache}

request = json.load(sys.stdin)
source = airbyte.get_source(
    "source-faker", local_executable=request["program"], config=request["source"], streams="*", install_if_missing=False
)
source.get_available_streams()
cache = CACHES[request["kind"]](**request["cache"])

began = time.monotonic()
# As full_refresh_overwrite: everything is read, and the tables are replaced.
result = source.read(cache=cache, write_strategy="replace", force_full_refresh=True)
seconds = time.monotonic() - began
whole_seconds = time.time() - request["began"]

began = time.monotonic()
records = source.get_records("users")
next(iter(records))
first_row_seconds = time.monotonic() - began

peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024  # kilobytes on Linux
told = {"rows": result.processed_records, "seconds": seconds, "wholeSeconds": whole_seconds}
print("\n" + json.dumps({**told, "firstRowSeconds": first_row_seconds, "peakBytes": peak}))
# The reading of which one row was wanted is not waited for.
sys.stdout.flush()
os._exit(0)
