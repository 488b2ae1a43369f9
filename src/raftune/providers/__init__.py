"""Answer a conversation, one file a kind of model."""
