"""The single order of all events, saved before anyone sees them.

`Journal` collects the events that greenlets propose, numbers them, has a store
save them in one transaction, and applies them in that order. `History` reads
them back. Stores know nothing of greenlets; the journal knows nothing of
sockets or dialects.
"""
