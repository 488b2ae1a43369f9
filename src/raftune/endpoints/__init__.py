"""OpenAI-compatible endpoints: how they are reached, what is sent and comes back, what their errors mean."""
