"""Goes round the filter by the 32-bit system call gate. It only asks for its own number.

Expect: all CRASHED
"""

import ctypes
import mmap

# mov eax, 20 (getpid); int 0x80; ret
CODE = b"\xb8\x14\x00\x00\x00\xcd\x80\xc3"


def attack(*args):
    page = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
    page.write(CODE)
    return ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(page)))()


standardise = entropy = pick = iterate = Meter = clip = ranks = attack
