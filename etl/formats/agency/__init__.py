"""Helpers for what agencies send: the IPTC formats and older wires."""
