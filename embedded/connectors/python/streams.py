"""Streams of a request as PyAirbyte wants them."""


def by_target(streams):
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
