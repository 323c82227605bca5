"""Auto-graded NLP assignments: hidden pytest graders that never share a process with a student's code."""

__version__ = "0.1.0"
