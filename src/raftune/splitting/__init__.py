"""From a text to passages: what splitters share."""
