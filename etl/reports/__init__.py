"""What people look at after the night: reports, pages, exports, documentation."""
