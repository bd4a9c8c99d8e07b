"""Prompt mode: a line editor for terminals that send every key as it is pressed.

Bytes go in, finished lines and what belongs on the screen come out; there is no socket
and no clock in here. `prompt.Prompt` ties the parts together and is all that others use.
"""
