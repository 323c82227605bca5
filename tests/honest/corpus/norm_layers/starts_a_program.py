"""Starts another program.

Expect: all RAISED, says "programs cannot be started"
"""

import subprocess

subprocess.run(["nvidia-smi"], check=False)
