"""What other programs and other machines read and write: bytes on one side, plain values on the other."""
