"""Two greetings at the same time in one thread: what `async`, `await` and the loop do."""

import argparse
import asyncio
import threading


async def greet(name: str, seconds: float) -> str:
    """Calling this runs nothing: it makes a coroutine, and the loop runs it."""
    print(f"{threading.current_thread().name}: Hello, {name}!")
    await asyncio.sleep(seconds)  # The other one runs here.
    print(f"{threading.current_thread().name}: Hello again, {name}!")
    return name


async def main() -> None:
    print("all greeted:", await asyncio.gather(greet("Ann", 0.2), greet("Bob", 0.1)))
    # The same since Python 3.11. When one fails, this cancels the others; `gather` does not.
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(greet(name, 0.1)) for name in ("Eve", "Joe")]
    print("all greeted:", [task.result() for task in tasks])


if __name__ == "__main__":
    argparse.ArgumentParser(description=__doc__).parse_args()
    asyncio.run(main())
