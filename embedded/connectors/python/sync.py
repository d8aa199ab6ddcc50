"""One sync: its streams, and what of them is in the database."""

import shutil
from pathlib import Path

from airbyte.records import StreamRecordHandler
from airbyte.strategies import WriteMethod
from airbyte_protocol.models import AirbyteRecordMessage

from databases import by_schema, configured, processor_of

WRITE_METHODS = {
    "overwrite": WriteMethod.REPLACE,
    "overwrite_dedup": WriteMethod.REPLACE,
    "append": WriteMethod.APPEND,
    "append_dedup": WriteMethod.MERGE,
}


class Silent:
    """Stands for PyAirbyte's progress display, which draws on the terminal and reports to Airbyte."""

    def __getattr__(self, _name):
        return lambda *_args, **_kwargs: None


class Stream:
    """A stream as the request describes it, see `Table` of connector.ts."""

    def __init__(self, given, processor):
        self.name = given["name"]
        self.namespace = given["namespace"]
        self.processor = processor
        self.method = WRITE_METHODS[given["mode"]]
        self.committed_at_states = given["incremental"] and self.method is not WriteMethod.REPLACE
        self.rows = 0  # not in the database yet
        self.handler = StreamRecordHandler(
            json_schema=given["jsonSchema"], normalizer=processor.normalizer, normalize_keys=True, prune_extra_fields=True
        )

    def write(self):
        batches = self.processor.write_stream_data(self.name, write_method=self.method, progress_tracker=Silent())
        for batch in batches:
            batch.delete_files()
        if not batches and self.method is WriteMethod.REPLACE:
            self.processor.replace_by_nothing(self.name)
        rows, self.rows = self.rows, 0
        return {"name": self.name, "namespace": self.namespace, "rows": rows}


class Sync:
    def __init__(self, request, answer):
        self.answer = answer
        self.folder = Path(request["folder"])
        self.commit_rows = request["commitRows"]
        self.streams = {}
        self.processors = []
        self.states = {}  # the last of each stream, not in the database yet
        self.rows = 0
        for (schema, prefix), given in by_schema(request["streams"]).items():
            processor = processor_of(request, schema=schema, prefix=prefix, streams=map(configured, given))
            processor.mark = request["mark"]
            processor.deduplicated = {one["name"]: one["cursorField"] for one in given if "dedup" in one["mode"]}
            self.processors.append(processor)
            for one in given:
                self.streams[(one["namespace"], one["name"])] = Stream(one, processor)
        self.let_go()

    def record(self, record):
        stream = self.streams.get((record.get("namespace"), record["stream"]))
        if stream is None:
            return
        # Validation would double the time, and the columns' types are checked by the database anyway.
        message = AirbyteRecordMessage.model_construct(**record)
        stream.processor.process_record_message(message, stream.handler, Silent())
        stream.rows += 1
        if stream.committed_at_states:
            self.rows += 1

    def state(self, state):
        self.states[descriptor_of(state)] = state
        # Only from a state on could a source go on, and tables are replaced when everything has come.
        if self.rows >= self.commit_rows:
            self.commit([one for one in self.streams.values() if one.committed_at_states and one.rows > 0])
            self.rows = 0

    def end(self, complete):
        self.commit([one for one in self.streams.values() if complete or (one.committed_at_states and one.rows > 0)])
        for processor in self.processors:
            processor._do_checkpoint()

    def commit(self, streams):
        self.answer({"type": "COMMITTED", "streams": [stream.write() for stream in streams]})
        self.let_go()
        pending = {key for key, stream in self.streams.items() if stream.rows > 0}
        # A global state is about all streams.
        for key in [key for key in self.states if key not in pending and not (key is None and pending)]:
            self.answer({"type": "STATE", "state": self.states.pop(key)})

    def let_go(self):
        """Nobody else can open a DuckDB file while a connection to it is open."""
        for processor in self.processors:
            processor.sql_config.dispose_engine()

    def close(self):
        for processor in self.processors:
            processor.cleanup_all()
        self.let_go()
        shutil.rmtree(self.folder, ignore_errors=True)


def descriptor_of(state):
    """None of a global state, and of one in the old form without streams."""
    descriptor = state.get("stream", {}).get("stream_descriptor")
    return (descriptor.get("namespace"), descriptor["name"]) if descriptor else None
