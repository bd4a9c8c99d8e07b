"""Futures: a place for a result that is not there yet. asyncio's, the pools', and the bridge."""

import argparse
import asyncio
import threading
from concurrent import futures
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor


async def nobody_finishes_it() -> None:
    future: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    try:
        await asyncio.wait_for(future, timeout=0.05)  # Without a timeout: for ever.
    except TimeoutError:
        print(f"nobody finishes it: TimeoutError, and it is cancelled: {future.cancelled()}")


async def another_task_finishes_it() -> None:
    future: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    async def finish() -> None:
        future.set_result("here it is")

    task = asyncio.create_task(finish())
    print("another task finishes it:", await future)
    await task


async def a_task_is_a_future() -> None:
    """A Task is a Future that runs a coroutine, and finishes itself with what that returns."""
    task = asyncio.create_task(asyncio.sleep(0, "slept"))
    task.add_done_callback(lambda ended: print("a callback, in the loop:", ended.result()))
    print("a Task is a Future:", isinstance(task, asyncio.Future), await task)

    async def fail() -> None:
        raise ValueError("no luck")

    failing = asyncio.create_task(fail())
    await asyncio.wait([failing])  # Waits, and raises nothing.
    print("it keeps an exception, too:", repr(failing.exception()))


def a_pool() -> None:
    """`concurrent.futures`: the same idea between threads or processes."""

    def told(ended: "futures.Future[int]") -> None:
        # In the thread that did the work, or in ours, if it was done before we asked.
        print("a callback of a pool:", ended.result())

    with ThreadPoolExecutor(1, thread_name_prefix="pool") as pool:  # Leaving is shutdown(wait).
        future = pool.submit(pow, 2, 10)
        print("result() blocks until there is one:", future.result())
        future.add_done_callback(told)
        print("map keeps the order:", list(pool.map(pow, [1, 2, 3], [2, 2, 2])))
        print("work runs in", pool.submit(lambda: threading.current_thread().name).result())


async def not_one_for_the_other() -> None:
    with ThreadPoolExecutor(1) as pool:
        future: futures.Future[object] = pool.submit(pow, 2, 10)
        # future.result() would work here, and stop every other task until it is done.
        try:
            await future  # type: ignore[misc]  # that is the point
        except TypeError as why:
            print(f"await of a pool's future: TypeError: {why}")
        print("wrapped, it can be awaited:", await asyncio.wrap_future(future))


async def the_bridge() -> None:
    """`run_in_executor` gives the work to a pool, and an asyncio future to you."""
    loop = asyncio.get_running_loop()
    print("in the loop's own pool:", await loop.run_in_executor(None, pow, 2, 10))
    with ThreadPoolExecutor(4) as threads:
        print("in a pool of threads:", await loop.run_in_executor(threads, pow, 2, 10))
    with ProcessPoolExecutor(1) as processes:  # What goes there and back is pickled.
        print("in a pool of processes:", await loop.run_in_executor(processes, pow, 2, 10))


async def from_another_thread() -> None:
    """An asyncio future belongs to its loop: others ask the loop to finish it."""
    loop = asyncio.get_running_loop()
    future: asyncio.Future[str] = loop.create_future()
    thread = threading.Thread(
        target=loop.call_soon_threadsafe, args=(future.set_result, "by a thread")
    )
    thread.start()
    print("finished", await future)
    thread.join()


async def main() -> None:
    await nobody_finishes_it()
    await another_task_finishes_it()
    await a_task_is_a_future()
    a_pool()  # It blocks this loop, which has nothing else to do.
    await not_one_for_the_other()
    await the_bridge()
    await from_another_thread()


if __name__ == "__main__":
    argparse.ArgumentParser(description=__doc__).parse_args()
    asyncio.run(main())
