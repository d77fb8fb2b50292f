"""Documents to read and print: the study guide, the handout, an interview's debrief."""
