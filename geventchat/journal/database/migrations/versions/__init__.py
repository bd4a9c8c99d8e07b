"""One module a version. MUST: a version that was released stays as it is."""
