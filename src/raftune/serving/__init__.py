"""The service: a project's models behind the API that the openai SDK speaks."""
