"""The rules of the chat.

Commands propose, `apply` changes the state, room logs deliver. This package
must not know bytes, sockets, databases, greenlets or any encoder format: given
the same calls it does the same thing. It imports the standard library and
`geventchat.errors` only.
"""
