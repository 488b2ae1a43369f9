"""Score a reply against its example, one file a family."""
