"""What a teacher is asked and how its replies are read: one file a recipe, and what recipes share."""
