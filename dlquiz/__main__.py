"""`python -m dlquiz` is the program `dlquiz`."""

from dlquiz.cli import main

if __name__ == "__main__":
    main()
