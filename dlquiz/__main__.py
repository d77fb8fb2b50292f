"""`python -m dlquiz` is the program `dlquiz`."""

from dlquiz.cli import process

if __name__ == "__main__":
    process()
