"""Numbers to Rich renderables: marks are the drawings, page is what `stats` prints, door the start screen. No numbers are made here."""
