"""FastAPI on uvicorn: the path's parameter arrives typed, the returned dict becomes JSON."""

import asyncio

import uvicorn
from fastapi import FastAPI, HTTPException

from loadtest.models.entry import BACKLOG, HOST, served
from loadtest.models.http.pages import MISSING, SLOW, SLOW_SECONDS, document

app = FastAPI()


@app.get("/{name}")
async def page(name: str) -> dict[str, object]:
    if name == MISSING:
        raise HTTPException(404)
    if name == SLOW:
        await asyncio.sleep(SLOW_SECONDS)
    return document(name)


if __name__ == "__main__":
    port = served().port
    uvicorn.run(app, host=HOST, port=port, backlog=BACKLOG, log_level="warning")
