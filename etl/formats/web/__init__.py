"""Helpers for what is published on the web: pages, archives of pages, feeds."""
