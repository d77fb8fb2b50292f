"""The loops: a sitting and a mock interview. They call the collection, never the store."""
