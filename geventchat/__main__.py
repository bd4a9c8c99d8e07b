"""The entry point: patch first, then everything else."""

from gevent import config, monkey

# Recording who spawned whom costs a stack of frames per connection.
config.track_greenlet_tree = False
monkey.patch_all()

from geventchat.cli import main  # noqa: E402 (patching comes before every other import)

if __name__ == "__main__":
    main()
