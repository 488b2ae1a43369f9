"""Keep artifacts, one file a place."""
