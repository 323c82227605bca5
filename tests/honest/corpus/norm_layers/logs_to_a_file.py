"""Logs to a file beside the module.

Expect: all RAISED, says "files cannot be written"
"""

import logging

logging.basicConfig(filename="norm_layers.log", level=logging.DEBUG)
