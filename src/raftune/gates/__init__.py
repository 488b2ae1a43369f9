"""Keep faulty questions and answers out, one file a fault."""
