"""`geventchat connect`: a person at a terminal, or a pipe, in the chat.

It speaks IRC with IRCv3's capabilities, as anyone could from outside: every line it sends is
confirmed or refused by name (labeled-response, echo-message), what was missed can be fetched
exactly (chathistory), and a pasted block is one message (multiline).

Plain threads and blocking calls, nothing monkey-patched. It must not import gevent, nor the
server's modules; the one exception is `chat.text`, whose rule of what may reach a terminal
must not exist twice. Only `screen` and `completion` need prompt_toolkit; a pipe does with the
standard library.

`wire`, `batches`, `state`, `registration`, `outgoing`, `catchup`, `conversation`, `answers`,
`words` and `commands` do no I/O; `tls`, `link` and `lifeline` do; `pipe` and `screen` are the
two faces.
"""
