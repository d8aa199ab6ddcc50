"""Loads PyAirbyte's batch files into PostgreSQL by COPY.

PyAirbyte reads them with pandas, which guesses types: it makes 7 of the text "007", and rounds large integers in
columns that have empty cells. COPY takes every value as it is, row by row, and is several times as fast.
"""

import gzip
import io

import orjson
import sqlalchemy

# What COPY's text format would take for something else. PostgreSQL can't store NUL in text.
ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r", "\0": ""})


def copy_files(connection, table, files, columns):
    """`table`: quoted; `columns`: normalized names and their SQL types, as the table has them."""
    names = ", ".join(f'"{name}"' for name in columns)
    with connection.connection.cursor() as cursor:
        cursor.copy_expert(f"COPY {table} ({names}) FROM STDIN", io.BufferedReader(Rows(lines(files, columns)), 1 << 20))


def lines(files, columns):
    writers = [(name, writer_of(sql_type)) for name, sql_type in columns.items()]
    for file in files:
        with gzip.open(file, "rb") as records:
            for line in records:
                record = orjson.loads(line)
                cells = (write(record.get(name)) for name, write in writers)
                yield ("\t".join(cells) + "\n").encode()


def writer_of(sql_type):
    if isinstance(sql_type, sqlalchemy.types.JSON):
        return write_json
    return write_integer if isinstance(sql_type, sqlalchemy.types.BIGINT) else write_value


def write_value(value):
    if value is None:
        return "\\N"
    if isinstance(value, str):
        return value.translate(ESCAPES)
    if isinstance(value, (dict, list, bool)):
        return write_json(value)
    return str(value)


def write_integer(value):
    # 3.0 is an integer in JSON Schema, and none for PostgreSQL.
    return str(int(value)) if isinstance(value, float) and value.is_integer() else write_value(value)


def write_json(value):
    return "\\N" if value is None else orjson.dumps(value).decode().translate(ESCAPES)


class Rows(io.RawIOBase):
    """The rows as a file, of which no more is in memory than what is asked for."""

    def __init__(self, rows):
        self.rows = rows
        self.left = b""

    def readable(self):
        return True

    def readinto(self, buffer):
        while len(self.left) < len(buffer):
            row = next(self.rows, None)
            if row is None:
                break
            self.left += row
        size = min(len(buffer), len(self.left))
        buffer[:size] = self.left[:size]
        self.left = self.left[size:]
        return size
