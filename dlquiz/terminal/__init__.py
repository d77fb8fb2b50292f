"""One terminal: reading keys, editing lines, drawing what is redrawn, lending it to other programs."""
