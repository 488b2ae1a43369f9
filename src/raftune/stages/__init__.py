"""One file a stage: artifacts in, rows out."""
