"""Helpers for the exports of vendors: Nexis, Factiva, Europresse."""
