"""Fetches its data from a server.

Expect: all RAISED, says "raised URLError", says "There is no network here"
"""

import urllib.request

with urllib.request.urlopen("http://data.example.org/train.npy") as page:
    data = page.read()
