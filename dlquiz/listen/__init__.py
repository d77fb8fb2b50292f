"""Spoken answers: the microphone and whisper.cpp, each in a process of its own. An extra; nothing of it is imported at a start."""
