"""The former name of `targets`, for whoever still imports it."""

from loadtest.compare.targets import geventchat

__all__ = ["geventchat"]
