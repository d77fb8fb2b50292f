"""Packages of Anki, all three generations, as hostile input: what they hold as values, and as notes and answers of dlquiz."""
