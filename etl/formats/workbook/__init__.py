"""Workbooks: opened by a library or cell by cell, their sheets, and tables that are like them."""
