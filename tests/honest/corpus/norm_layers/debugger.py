"""A forgotten call of the debugger, at import.

Expect: all RAISED, says "raised BdbQuit", says "Remove the breakpoint"
"""

import pdb

pdb.set_trace()
