"""Two steps for each page, and a file: look it up, fetch what it names, save that.

K pages at once (a semaphore), a bar that moves as they end (`as_completed`), and files
written in a thread, so that the loop does not wait for the disk.
"""

import argparse
import asyncio
import json
import sys
from collections.abc import Sequence
from pathlib import Path

import aiohttp
from tqdm import tqdm


async def save_all(base: str, names: Sequence[str], folder: Path, at_once: int) -> list[Path]:
    free = asyncio.Semaphore(at_once)
    async with aiohttp.ClientSession(base, raise_for_status=True) as session:

        async def save(name: str) -> Path:
            async with free:
                async with session.get(f"/{name}") as answer:
                    found = json.loads(await answer.text())
                async with session.get(f"/{found['upper']}") as answer:
                    body = await answer.read()
                path = folder / f"{found['name']}.json"
                # `to_thread` is `run_in_executor` with the loop's own pool.
                await asyncio.to_thread(path.write_bytes, body)
                return path

        # disable=None: no bar where nobody watches, that is when stderr is not a terminal.
        ended = asyncio.as_completed([save(name) for name in names])
        return [await one for one in tqdm(ended, total=len(names), unit="page", disable=None)]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("base", help="such as http://127.0.0.1:9000")
    parser.add_argument("folder", type=Path, help="where the files go")
    parser.add_argument("names", nargs="*", default=[f"page{number}" for number in range(50)])
    parser.add_argument("--at-once", type=int, default=10)
    given = parser.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    try:
        saved = asyncio.run(save_all(given.base, given.names, given.folder, given.at_once))
    except aiohttp.ClientError as why:
        sys.exit(f"{given.base}: {why}")
    print(f"{len(saved)} pages saved in {given.folder}")
