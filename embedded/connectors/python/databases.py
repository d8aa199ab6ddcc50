"""The databases, as PyAirbyte's processors see them, with what these lack: how tables are loaded, tried out, and read."""

import gzip
import re
import shutil
import tempfile
from decimal import Decimal
from pathlib import Path

import sqlalchemy
from airbyte._processors.sql.duckdb import DuckDBConfig, DuckDBSqlProcessor
from airbyte._processors.sql.postgres import PostgresConfig, PostgresSqlProcessor
from airbyte._writers.jsonl import JsonlWriter
from airbyte.constants import AB_RAW_ID_COLUMN
from airbyte.shared.catalog_providers import CatalogProvider
from airbyte.shared.state_writers import NoOpStateWriter
from airbyte.types import CONVERSION_MAP, SQLTypeConverter
from airbyte_protocol.models import ConfiguredAirbyteCatalog

from postgres_copy import copy_files


class BatchWriter(JsonlWriter):
    def _open_new_file(self, file_path):
        # The default level takes more time than all the rest of the writing.
        return gzip.open(file_path, mode="wt", encoding="utf-8", compresslevel=1)


class Moment(sqlalchemy.types.UserDefinedType):
    def get_col_spec(self, **_):
        return "TIMESTAMP WITH TIME ZONE"


class Types(SQLTypeConverter):
    """PyAirbyte's own make columns that drop the offset from UTC, and with it the moment that was meant."""

    def __init__(self):
        super().__init__({**CONVERSION_MAP, "timestamp_with_timezone": Moment()})


class Loading:
    """Mixed into a processor: how rows get from the batch files into the final table."""

    file_writer_class = BatchWriter
    type_converter_class = Types

    mark = "check"
    """Ends the names of tables for loading: the same in each sync of a connection, so that leftovers are found."""

    deduplicated = {}
    """The cursors of the streams of which a key may be there only once."""

    def _write_files_to_new_table(self, files, stream_name, batch_id):
        name = self.prepare_loading(stream_name)
        super()._write_files_to_new_table(files, stream_name, self.mark)
        if stream_name in self.deduplicated:
            self.drop_duplicates(name, stream_name)
        return name

    def prepare_loading(self, stream_name):
        name = self._get_temp_table_name(stream_name, self.mark)
        if name == self.get_sql_table_name(stream_name):
            raise ValueError(f"The name of the stream {stream_name} is too long for a table")
        self._drop_temp_table(name, if_exists=True)
        return name

    def drop_duplicates(self, table_name, stream_name):
        """Keeps the newest row of each key, and the last of those; a merge alone would insert all of them."""
        table = self._get_table_by_name(table_name, force_refresh=True)
        row_id = table.c[AB_RAW_ID_COLUMN]
        cursor = self.deduplicated[stream_name]
        newest = [table.c[self.normalizer.normalize(cursor[0])].desc().nulls_last()] if len(cursor) == 1 else []
        rank = sqlalchemy.func.row_number().over(
            partition_by=[table.c[key] for key in self.catalog_provider.get_primary_keys(stream_name)],
            order_by=[*newest, row_id.desc()],
        )
        ranked = sqlalchemy.select(row_id, rank.label("rank")).subquery()
        superseded = sqlalchemy.select(ranked.c[AB_RAW_ID_COLUMN]).where(ranked.c.rank > 1)
        self._execute_sql(sqlalchemy.delete(table).where(row_id.in_(superseded)))

    def replace_by_nothing(self, stream_name):
        """PyAirbyte leaves the old rows in place when none have come."""
        final = self._ensure_final_table_exists(stream_name)
        empty = self.prepare_loading(stream_name)
        self._create_table_for_loading(stream_name, self.mark)
        self._swap_temp_table_with_final_table(stream_name, empty, final)

    def _swap_temp_table_with_final_table(self, stream_name, temp_table_name, final_table_name):
        """In one transaction. PyAirbyte's own has a name unquoted, so it fails on a stream called `order`."""
        final = self._fully_qualified(final_table_name)
        cascade = " CASCADE" if getattr(self.sql_config, "drop_cascade", False) else ""
        renamed = f"{self._fully_qualified(temp_table_name)} RENAME TO {self._quote_identifier(final_table_name)}"
        with self.get_sql_connection() as connection:
            connection.execute(sqlalchemy.text(f"DROP TABLE {final}{cascade}"))
            connection.execute(sqlalchemy.text(f"ALTER TABLE {renamed}"))
        self._invalidate_table_cache(final_table_name)

    def try_out(self):
        """Whether tables can be made here, as Airbyte's own destinations find out."""
        table = self._get_temp_table_name("_airbyte_connection_test")
        self._create_table(table, "id INTEGER")
        self._drop_temp_table(table)


class Postgres(PostgresConfig):
    sslmode: str
    sslrootcert: str | None
    drop_cascade: bool

    def get_sql_alchemy_url(self):
        # PyAirbyte's own breaks on passwords with an @ or a slash.
        query = {"sslmode": self.sslmode, "connect_timeout": "10", "application_name": "embedded-airbyte"}
        if self.sslrootcert:
            query["sslrootcert"] = self.sslrootcert
        # Not as text, which would be read anew: a host or database with a "?" or "/" in it would become settings of libpq.
        return sqlalchemy.URL.create(
            "postgresql+psycopg2", self.username, str(self.password), self.host, self.port, self.database, query
        )


class CopyingProcessor(PostgresSqlProcessor):
    def _write_files_to_new_table(self, files, stream_name, batch_id):
        name = self._create_table_for_loading(stream_name, batch_id)
        with self.get_sql_connection() as connection:
            copy_files(connection, self._fully_qualified(name), files, self._get_sql_column_definitions(stream_name))
        return name


class PostgresProcessor(Loading, CopyingProcessor):
    pass


class DuckDB(DuckDBConfig):
    def get_sql_alchemy_url(self):
        # Without the path: what stands after a "?" in one would be run as SQL.
        return "duckdb:///"

    def get_sql_alchemy_connect_args(self):
        # No table promises an order, and keeping it costs memory and time. A `memory_limit` would make merges fail.
        return {"database": str(self.db_path), "config": {"preserve_insertion_order": False}}


class DuckDBProcessor(Loading, DuckDBSqlProcessor):
    pass


def postgres(configuration, schema, prefix, folder):
    tunnel = configuration.get("tunnel_method", {}).get("tunnel_method", "NO_TUNNEL")
    if tunnel != "NO_TUNNEL":
        raise ValueError("SSH tunnels are not supported here: open the tunnel yourself, and give its local end")
    ssl = configuration.get("ssl_mode", {})
    certificate = ssl.get("ca_certificate")
    if certificate:
        file = Path(tempfile.mkstemp(dir=folder, suffix=".pem")[1])
        file.write_text(certificate)
        certificate = str(file)
    return PostgresProcessor, Postgres(
        host=configuration["host"],
        port=configuration.get("port", 5432),
        database=configuration["database"],
        username=configuration["username"],
        password=configuration.get("password", ""),
        schema_name=schema,
        table_prefix=prefix,
        sslmode=ssl.get("mode", "prefer"),
        sslrootcert=certificate,
        drop_cascade=configuration.get("drop_cascade", False),
    )


def duckdb(configuration, schema, prefix, _folder):
    path = configuration["destination_path"]
    return DuckDBProcessor, DuckDB(db_path=Path(path), schema_name=schema, table_prefix=prefix)


KINDS = {"postgres": postgres, "duckdb": duckdb}


def by_schema(streams):
    """Of a request, by the schema and the prefix of their tables: what one processor is for."""
    groups = {}
    for stream in streams:
        groups.setdefault((stream["schema"], stream["prefix"]), []).append(stream)
    return groups


def configured(stream):
    """As it is in an Airbyte catalog. The modes are of no consequence: how to write is said when it is written."""
    return {
        "stream": {
            "name": stream["name"],
            "json_schema": stream["jsonSchema"],
            "supported_sync_modes": ["full_refresh"],
        },
        "sync_mode": "full_refresh",
        "destination_sync_mode": "overwrite",
        "primary_key": stream["primaryKey"],
        "cursor_field": stream["cursorField"],
    }


def processor_of(request, *, schema, prefix="", streams=()):
    """Connects, and makes the schema if it isn't there. `streams`: of an Airbyte catalog, configured."""
    folder = Path(request["folder"])
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    # Names of schemas are written into SQL unquoted.
    schema = PostgresSqlProcessor.normalizer.normalize(schema)
    processor, config = KINDS[request["destination"]](request["configuration"], schema, prefix, folder)
    return processor(
        sql_config=config,
        catalog_provider=CatalogProvider(ConfiguredAirbyteCatalog.model_validate({"streams": list(streams)})),
        state_writer=NoOpStateWriter(),
        temp_dir=folder,
        temp_file_cleanup=True,
    )


def check(request):
    try:
        for schema in request["schemas"]:
            processor = processor_of(request, schema=schema)
            processor.try_out()
            processor.sql_config.dispose_engine()
    except Exception as error:
        return {"status": "FAILED", **failure(error)}
    return {"status": "SUCCEEDED"}


def rows(request):
    try:
        return [
            arrived
            for (schema, prefix), streams in by_schema(request["streams"]).items()
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
    return {**named, "count": count, "rows": [{str(name): as_sent(value) for name, value in row.items()} for row in found]}


def as_sent(value):
    """A column of numbers has nine decimals whatever came: 1 is 1 again. What JSON's numbers can't hold exactly stays a text."""
    if not isinstance(value, Decimal) or not value.is_finite():
        return value
    number = int(value) if value == value.to_integral_value() else float(value)
    return number if abs(value) < 2**53 and Decimal(repr(number)) == value else f"{value.normalize():f}"


def failure(error):
    """The database's own words where it is the database that fails, in one line."""
    cause = error
    # PyAirbyte wraps some errors together with the SQL, which is of no use to anybody here.
    while not isinstance(cause, sqlalchemy.exc.DBAPIError) and (cause.__cause__ or cause.__context__):
        cause = cause.__cause__ or cause.__context__
    if isinstance(cause, sqlalchemy.exc.DBAPIError):
        text = str(cause.orig)
    else:
        text = str(error) or type(error).__name__
    ours = isinstance(error, (ValueError, KeyError))
    refused = re.search(r"authentication failed|does not exist|permission denied|no password supplied", text)
    return {"message": " ".join(text.split()), "failureType": "config_error" if ours or refused else "system_error"}
