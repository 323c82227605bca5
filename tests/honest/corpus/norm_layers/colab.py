"""The first cell of every notebook on Colab.

Expect: all RAISED, says "No module named 'google'", says "is not installed where this is graded"
"""

from google.colab import drive

drive.mount("/content/drive")
