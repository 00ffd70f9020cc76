"""What a person declares in TOML: feeds in sources.toml, publications in publications.toml."""
