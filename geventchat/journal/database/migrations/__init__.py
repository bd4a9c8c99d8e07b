"""The versions of the schema, each made from the one before it; run by `upgrade`."""
