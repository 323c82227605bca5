"""Seeds, deterministic algorithms, anomaly detection, threads, printing.

Expect: full marks
"""

import random

import numpy as np

torch.manual_seed(0)
np.random.seed(0)
random.seed(0)
torch.use_deterministic_algorithms(True)
torch.autograd.set_detect_anomaly(True)
torch.set_num_threads(4)
torch.set_printoptions(precision=3, sci_mode=False)
torch.set_float32_matmul_precision("high")
torch.backends.cudnn.benchmark = False
