"""Broadsheet: dumps of news articles in, a DuckDB star schema out. Never imports Airflow."""
