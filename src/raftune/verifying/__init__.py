"""What verifiers share: numbered items in a request, texts by number in a reply, and when two answers agree."""
