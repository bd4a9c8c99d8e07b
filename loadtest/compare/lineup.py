"""The models of this repository, in the order of the tables."""

from loadtest.compare.contestants import Contestant, geventchat, model

GREENLET = ("greenlet",)


def servers(*flags: str) -> list[Contestant]:
    """The upper-casing servers; the first is the one that ratios are to."""
    mode = "echo" if "--echo" in flags else "upper"
    return [
        geventchat("geventchat", mode),
        model("one client at a time", "servers.blocking", *flags),
        model("a thread per connection", "servers.thread_per_connection", *flags),
        model("ThreadPoolExecutor", "servers.thread_pool", *flags),
        model("ProcessPoolExecutor", "servers.process_pool", *flags),
        model("pre-forked processes", "servers.pre_forked", *flags),
        model("select", "servers.select_loop", *flags),
        model("poll", "servers.poll_loop", *flags),
        model("epoll", "servers.epoll_loop", *flags),
        model(
            "greenlets on epoll, by hand",
            "servers.greenlet_switcher",
            *flags,
            modules=("greenlet",),
        ),
        model("gevent StreamServer", "servers.gevent_stream_server", *flags, modules=("gevent",)),
        model("asyncio streams", "servers.asyncio_streams", *flags),
        model("asyncio Protocol", "servers.asyncio_protocol", *flags),
        model("uvloop streams", "servers.uvloop_streams", *flags, modules=("uvloop",)),
        model("uvloop Protocol", "servers.uvloop_protocol", *flags, modules=("uvloop",)),
        model("Twisted", "servers.twisted_protocol", *flags, modules=("twisted",)),
    ]


def pages() -> list[Contestant]:
    """The HTTP servers."""
    return [
        model("aiohttp", "http.aiohttp_server", modules=("aiohttp",)),
        model("FastAPI on uvicorn", "http.fastapi_server", modules=("fastapi", "uvicorn")),
        model("standard library, threads", "http.stdlib_server"),
    ]


# A client's name, its module, and what that needs.
FETCHERS = [
    ("gevent, Pool", "gevent_pool", ("gevent",)),
    ("gevent, Greenlet subclass", "greenlet_subclass", ("gevent",)),
    ("grequests", "grequests_imap", ("gevent", "grequests")),
    ("one after the other", "sequential", ("tqdm",)),
    ("ThreadPoolExecutor", "thread_pool", ()),
    ("ProcessPoolExecutor", "process_pool", ()),
    ("requests in an executor", "requests_executor", ("requests",)),
    ("asyncio streams", "asyncio_streams", ()),
    ("aiohttp", "aiohttp_semaphore", ("aiohttp",)),
    ("select loop", "select_loop", ()),
    ("Twisted", "twisted_agent", ("twisted",)),
]
