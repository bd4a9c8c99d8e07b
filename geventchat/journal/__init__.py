"""The truth: one order of events, saved before anyone sees them.

`Journal` gathers the drafts of all greenlets, numbers them, lets a store save
them in one transaction, and hands them on in that order. Stores know nothing
of greenlets; the journal knows nothing of sockets or dialects.
"""
