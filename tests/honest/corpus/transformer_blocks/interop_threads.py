"""Sets both numbers of threads, which torch allows only once.

Expect: all RAISED, says "cannot set number of interop threads", says "Leave the number of threads"
"""

torch.set_num_interop_threads(2)
torch.set_num_threads(2)
