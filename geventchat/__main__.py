"""The entry point: patch first, then everything else. The client is not patched at all."""

import sys

# `geventchat connect` is plain threads; all other commands are, or may be, the server.
if sys.argv[1:2] != ["connect"]:
    from gevent import config, monkey

    # Recording who spawned whom costs a stack of frames per connection.
    config.track_greenlet_tree = False
    monkey.patch_all()

from geventchat.cli import main

if __name__ == "__main__":
    main()
