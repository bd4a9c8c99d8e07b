"""The journal in a database: one schema and one set of queries for every backend."""
