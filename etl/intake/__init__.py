"""From files and manifests in the landing folder to streams of bytes."""
