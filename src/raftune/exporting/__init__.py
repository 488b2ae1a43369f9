"""Training sets for use elsewhere: files by split, a card that says what is in them, settings that fit them."""
