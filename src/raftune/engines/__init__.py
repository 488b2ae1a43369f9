"""Work on rows, one file a place to work."""
