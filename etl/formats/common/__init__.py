"""Helpers that readers of several families share."""
