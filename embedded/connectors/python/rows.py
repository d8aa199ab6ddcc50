"""What has arrived: counts and rows of the streams' tables."""

import shutil

import sqlalchemy

from databases import processor_of
from streams import by_target, configured


def rows(request):
    try:
        return [
            arrived
            for (schema, prefix), streams in by_target(request["streams"]).items()
            for arrived in rows_of(request, schema, prefix, streams)
        ]
    finally:
        shutil.rmtree(request["folder"], ignore_errors=True)


def rows_of(request, schema, prefix, streams):
    processor = processor_of(request, schema=schema, prefix=prefix, streams=map(configured, streams))
    try:
        return [arrived(processor, stream, request["limit"]) for stream in streams]
    finally:
        # Nobody else can open a DuckDB file while a connection to it is open.
        processor.sql_config.dispose_engine()


def arrived(processor, stream, limit):
    named = {"name": stream["name"], "namespace": stream["namespace"]}
    table_name = processor.get_sql_table_name(stream["name"])
    if not sqlalchemy.inspect(processor.get_sql_engine()).has_table(table_name, schema=processor.sql_config.schema_name):
        return {**named, "count": None, "rows": []}
    table = processor._get_table_by_name(table_name, force_refresh=True)
    columns = [column for column in table.columns if not column.name.startswith("_airbyte_")]
    key = [table.c[name] for name in processor.catalog_provider.get_primary_keys(stream["name"]) if name in table.c]
    with processor.get_sql_connection() as connection:
        count = connection.execute(sqlalchemy.select(sqlalchemy.func.count()).select_from(table)).scalar_one()
        chosen = sqlalchemy.select(*columns).order_by(*key).limit(limit)
        found = connection.execute(chosen).mappings().all() if limit > 0 else []
    return {**named, "count": count, "rows": [{str(name): value for name, value in row.items()} for row in found]}
