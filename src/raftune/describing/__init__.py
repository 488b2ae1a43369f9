"""What a training set is made of: lengths, counts, and which parts of which document it rests on."""
