"""Measures servers against each other: one core serves, another makes the load.

Noise of a shared machine is met in three ways: short runs in several interleaved rounds,
the median with its range, and ratios taken within a round, where both sides had the same
weather. Every figure says how busy the load was, because a load that has no time left
measures itself.
"""
