"""The stages of a run, one file each. etl.pipeline composes them."""
