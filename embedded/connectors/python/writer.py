"""Writes what sources read into databases, for the server that started it.

Relies on PyAirbyte 0.71.3 (`airbyte` on PyPI): its SQL processors create the tables, load, append, replace and merge.

A JSON message a line. The server asks for one thing at a time:

    {"type": "CHECK", "destination", "configuration", "schemas": [..]}   -> CONNECTION_STATUS {"status", "message"}
    {"type": "WRITE", "destination", "configuration", "streams": [..], "folder", "mark", "commitRows"}  -> READY
        then messages of the Airbyte Protocol, RECORD and STATE, as the source wrote them
        -> STATE {"state"} when all that came before it is in the database; COMMITTED {"streams": [..]} with row counts
        and {"type": "END", "complete"}  -> DONE; incomplete: only incremental streams are written

    {"type": "ROWS", "destination", "configuration", "streams": [..], "limit"}           -> ROWS {"streams": [..]}

Whatever goes wrong is answered by ERROR {"message", "failureType"}, and the process ends; so it does when the server
is gone. A process that has done its work waits for the next request.
"""

import os
import signal
import sys
import threading
import time

# Answers go where stdout went; what the libraries print must not get in between.
answers = os.fdopen(os.dup(1), "wb")
os.dup2(2, 1)

import orjson  # noqa: E402


def answer(message):
    answers.write(orjson.dumps(message, default=str) + b"\n")
    answers.flush()


def end_with_parent(parent):
    """A server that is killed can't say goodbye, and SQL under way doesn't look at the closed pipe."""
    while os.getppid() == parent:
        time.sleep(0.5)
    os._exit(1)


def stop(_signal, _frame):
    raise SystemExit(143)


def serve(requests):
    # The import takes seconds; a process that is started early has them behind it.
    from databases import check, failure, rows
    from sync import Sync

    for line in requests:
        request = orjson.loads(line)
        try:
            if request["type"] == "CHECK":
                answer({"type": "CONNECTION_STATUS", **check(request)})
            elif request["type"] == "ROWS":
                answer({"type": "ROWS", "streams": rows(request)})
            elif request["type"] == "WRITE":
                run(Sync(request, answer), requests)
        except Exception as error:
            answer({"type": "ERROR", **failure(error)})
            raise


def run(sync, messages):
    try:
        answer({"type": "READY"})
        for line in messages:
            message = orjson.loads(line)
            kind = message["type"]
            if kind == "RECORD":
                sync.record(message["record"])
            elif kind == "STATE":
                sync.state(message["state"])
            elif kind == "END":
                sync.end(message["complete"])
                answer({"type": "DONE"})
                return
        # No END: the server gave up or is gone, and nothing more may be written.
        raise SystemExit(1)
    finally:
        sync.close()


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, stop)
    threading.Thread(target=end_with_parent, args=(os.getppid(),), daemon=True).start()
    serve(iter(sys.stdin.buffer.readline, b""))
