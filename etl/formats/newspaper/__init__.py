"""Helpers for digitised newspapers: METS with ALTO pages."""
