"""Makes a seed name the same program in every run.

Python walks sets of texts in another order in every process, unless it is told how to hash them.
"""

import os
import sys


def pin():
    """Starts the program again where its sets would be walked in an order of their own."""
    if os.environ.get("PYTHONHASHSEED") != "0":
        os.environ["PYTHONHASHSEED"] = "0"
        os.execv(sys.executable, sys.orig_argv)
