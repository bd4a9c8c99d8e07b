"""Who is sent what, in which order: the fourth verb. Sans-I/O.

The theory, on one page.

**One log a room.** An applied event is appended once to the `RoomLog` of its
room. Nothing is copied to members. A `Subscription` is a member's place in that
log: a `Cursor` (how many entries it has been sent, and how many of those a
person is shown) and what is particular to this member. What lies between its
cursor and the log's head is what it has yet to be sent.

**One encoding a format.** An `Encoder` turns an entry into the lines of one wire
format (a dialect under one set of capabilities or settings) and frames lines as
bytes. Encoders are shared and compared by identity: the log keeps each entry's
bytes once per encoder, so 500 members with the same encoder and the same cursor
get the same `bytes` object, and the work left for each is one comparison and one
`send`. Members that were sent the same share one cursor *object*, which is what
makes the comparison one of identities.

**One queue a session, only for what is its own.** An `Outbox` holds, in order,
what concerns one session alone: replies (lines of its dialect), private events
(which its dialect words), and `Span`s. Room lines are not in it.

**Replies keep their place.** A reply must come behind every room line that
happened before it and before every later one. So before anything is put into
the outbox, the open ends of all subscriptions (cursor to head) are closed into
spans and queued first: two cursors each, no copies. What the outbox gives out is
its items in order and then the open ends.

**How an author hears of its own events** is decided once, when the event is
applied, by one table (`audience.AUTHOR_HEARS`): in its place in the room like
everybody; only if its encoder echoes such lines; as an item of its own; or in
the answer to a labelled command, which is then *captured*. Whatever it is not to
see in the log is noted by position in its subscription (`own`) and left out.

**What stands in several logs** (a rename, a departure) is appended to each. Spans
are closed for all rooms at once, so those that are queued one behind the other
are of one moment; where one of them holds such an entry they are read merged, by
event number, and the entry is shown once. So nobody sees words under a new name
before the news of it. Where several rooms have nothing but the same news, one
span stands for all of them.

**Nobody waits, nobody loses silently.** A slow reader keeps a cursor that falls
behind, nothing else. When its cursor (or a span's start) is older than the log
reaches, the reader is told how many lines it skipped and goes on from the oldest
entry that is left. What is counted is lines said, as this reader would have been
sent them: a cursor counts lines and programs' requests, own ones are taken off,
and whoever ignores somebody counts what it would have wanted before the log lets
go of it. An IRC client is then told how things stand (topic, modes, names), since
it may have missed how they came to. A cut is always between lines. What others
send to one session alone is counted and told likewise once too much of it waits;
nobody is closed for what others write.

**Memory is bounded by bytes.** A log has a bound of its own, all logs together
have another, beyond which the heaviest gives up half; a room that empties keeps
no log at all, since its lines are in the journal.

**The short way.** Nearly every member has been sent all there was
(`caught_up`: no tail in the kernel, nothing in the outbox, no filter, no screen)
and stands at the place where the room was last flushed. For those the flusher sends one
shared buffer. Everybody else goes the long way, `Outbox.next_chunk`, about 64 KiB
at a time. Both ways send the same bytes; a test holds them together.

**A terminal of which the server keeps a row** (`Screen`, asked of the dialect) has
every chunk composed into it at the moment it is sent: lines go above the row, and
what was typed changes the row, which takes no place in any queue. So a row is drawn
as often as the line takes it and no more, and what is drawn always goes by what the
terminal was really sent.

This package knows the chat's facts and must not know sockets, greenlets,
databases or any wire format.
"""
