"""The full cycle of an Airbyte workspace with Airbyte's own Python SDK, for a server at argv[1]; credentials on stdin."""

import json
import sys
import time

import airbyte_api
from airbyte_api import api, models

url = sys.argv[1]
credentials = json.load(sys.stdin)
airbyte = airbyte_api.AirbyteAPI(
    server_url=url + "/api/public/v1",
    security=models.Security(
        client_credentials=models.SchemeClientCredentials(
            client_id=credentials["clientId"],
            client_secret=credentials["clientSecret"],
            token_url=url + "/api/public/v1/applications/token",
        )
    ),
)

workspace = airbyte.workspaces.list_workspaces(api.ListWorkspacesRequest()).workspaces_response.data[0]
source = airbyte.sources.create_source(
    models.SourceCreateRequest(
        name="users", workspace_id=workspace.workspace_id, configuration=models.SourceFaker(count=10)
    )
).source_response
destination = airbyte.destinations.create_destination(
    models.DestinationCreateRequest(
        name="warehouse",
        workspace_id=workspace.workspace_id,
        configuration=models.DestinationPostgres(host="h", port=5432, database="d", username="u", password="p4ss-w0rd"),
    )
).destination_response
assert "p4ss-w0rd" not in str(destination), "the password came back"

connection = airbyte.connections.create_connection(
    models.ConnectionCreateRequest(
        source_id=source.source_id, destination_id=destination.destination_id, name="users-to-warehouse"
    )
).connection_response
connections = airbyte.connections.list_connections(api.ListConnectionsRequest()).connections_response.data
assert [one.connection_id for one in connections] == [connection.connection_id]

job = airbyte.jobs.create_job(
    models.JobCreateRequest(connection_id=connection.connection_id, job_type=models.JobTypeEnum.SYNC)
).job_response
deadline = time.time() + 20
while job.status in (models.JobStatusEnum.PENDING, models.JobStatusEnum.RUNNING) and time.time() < deadline:
    time.sleep(0.1)
    job = airbyte.jobs.get_job(api.GetJobRequest(job_id=job.job_id)).job_response
assert job.status == models.JobStatusEnum.SUCCEEDED, job

renamed = airbyte.connections.patch_connection(
    api.PatchConnectionRequest(
        connection_id=connection.connection_id,
        connection_patch_request=models.ConnectionPatchRequest(name="renamed"),
    )
).connection_response
assert renamed.name == "renamed"

for response in (
    airbyte.connections.delete_connection(api.DeleteConnectionRequest(connection_id=connection.connection_id)),
    airbyte.sources.delete_source(api.DeleteSourceRequest(source_id=source.source_id)),
    airbyte.destinations.delete_destination(api.DeleteDestinationRequest(destination_id=destination.destination_id)),
):
    assert response.status_code == 204, response
assert airbyte.sources.list_sources(api.ListSourcesRequest()).sources_response.data == []
print("full cycle done, rows synced:", job.rows_synced)
