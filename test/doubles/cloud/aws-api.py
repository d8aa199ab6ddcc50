"""Calls of AWS's API for the double of Pulumi's AWS plugin: one JSON object a line in, one a line out."""

import json
import sys

import boto3

clients = {}

for line in sys.stdin:
    call = json.loads(line)
    try:
        service = call["service"]
        if service not in clients:
            clients[service] = boto3.client(service, region_name=call["region"])
        result = getattr(clients[service], call["operation"])(**call["parameters"])
        answer = {"result": result}
    except Exception as error:  # whatever it is, the plugin passes it on
        answer = {"error": f"{type(error).__name__}: {error}"}
    print(json.dumps(answer, default=str), flush=True)
