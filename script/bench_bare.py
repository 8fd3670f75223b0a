"""The baseline of bench_ack: a route that checks Slack's signature and does nothing else."""

import os

from fastapi import FastAPI, Request, Response
from slack_sdk.signature import SignatureVerifier

app = FastAPI()
verifier = SignatureVerifier(os.environ["SLACK_SIGNING_SECRET"])


@app.post("/slack/events")
async def events(request: Request) -> Response:
    valid = verifier.is_valid_request(await request.body(), dict(request.headers))
    return Response(status_code=200 if valid else 401)
