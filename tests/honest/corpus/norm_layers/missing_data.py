"""Reads data that lie on the student's own disk.

Expect: all RAISED, says "No such file or directory: 'data/train.npy'", says "Only what is handed in is there"
"""

data = np.load("data/train.npy")
