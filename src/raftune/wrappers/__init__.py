"""A ChatModel around a ChatModel, one file a duty."""
