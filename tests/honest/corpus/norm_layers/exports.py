"""`__all__` names only a part, dunder names abound.

Expect: full marks
"""

__all__ = ["layer_norm"]
__author__, __version__ = "student", "1.0"
__license__ = None
