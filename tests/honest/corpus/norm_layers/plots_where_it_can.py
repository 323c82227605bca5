"""What matplotlib asks of its surroundings at import, where it is installed.

Expect: full marks
"""

import os
import pathlib

folder = pathlib.Path(os.environ["MPLCONFIGDIR"])
folder.mkdir(parents=True, exist_ok=True)
assert folder.is_dir()
assert os.access(folder, os.W_OK)
assert os.environ["MPLBACKEND"] == "Agg"
