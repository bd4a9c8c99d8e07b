"""Tests mirror the package: tests/chat/test_roomlog.py is for geventchat/chat/roomlog.py.

`harness` plays the chat without sockets, `running` starts real servers, `line_client`
is a person at `nc`. No test asserts how long something took; the only
deadlines are guards against hanging.
"""
