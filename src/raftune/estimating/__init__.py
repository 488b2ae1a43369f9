"""What a stage will ask of a model, before it is run: requests, tokens, dollars, minutes."""
