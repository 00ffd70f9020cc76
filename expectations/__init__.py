"""Great Expectations suites: one module per frame or table, found by its name."""
