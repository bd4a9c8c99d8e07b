"""The rules of the chat: who is here, who may do what, what changes.

Commands propose, `apply` changes the state. This package must not know bytes,
sockets, databases, greenlets, any wire format, or who is sent what: given the
same calls it does the same thing. It imports the standard library, `config` and
`errors` only.

The modules, from the facts up:

    events        what has happened; frozen
    names, text   what names look like; which characters may reach a screen
    masks, modes  whom a mask means; what holds in a room
    sessions      one user's connection: facts
    rooms         a room and its members: facts
    state         all of it together
    outlet        where `apply` says what has happened
    rights        who may do what, on one page
    apply         the one table of event kinds; `apply_rooms` and `apply_sessions` are its effects
    history       what may be asked of the past
    canonical     what was typed, in the one form in which it may stand in an event
    commands      what a session may ask for, and the event each drafts
    proposals     from a command to a draft for the journal
"""
