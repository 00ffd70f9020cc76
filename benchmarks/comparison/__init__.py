"""Broadsheet beside other ways of bringing the same articles into DuckDB, and beside other page extractors."""
