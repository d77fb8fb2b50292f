"""Text for any terminal, typed answers compared, and the phrases that every screen shares."""
