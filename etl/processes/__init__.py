"""Work in processes of its own: in a child that may die, or in several at once."""
