"""The optimisers of a separator's training."""

from __future__ import annotations

import torch

from audio_models.separator_base import Separator

_MUON_TIMES = 8.0


def optimisers(
    model: Separator, rate: float, weight_decay: float
) -> tuple[torch.optim.Optimizer, ...]:
    """AdamW, and Muon (Jordan et al. 2024) for a separator's hidden matrices.

    Muon needs half of the mixtures AdamW does to come as far. Its groups hold under ``times`` what
    the rate is to be multiplied with.
    """
    hidden = list(model.hidden_matrices())
    apart = {id(p) for p in hidden}
    others = [p for p in model.parameters() if id(p) not in apart]
    adam = torch.optim.AdamW(
        [
            {
                "params": [p for p in others if p.ndim > 1],
                "weight_decay": weight_decay,
                "times": 1.0,
            },
            {"params": [p for p in others if p.ndim <= 1], "weight_decay": 0.0, "times": 1.0},
        ],
        lr=rate,
        betas=(0.9, 0.98),
        fused=True,
    )
    if not hidden:
        return (adam,)
    muon = torch.optim.Muon(
        [{"params": hidden, "times": _MUON_TIMES}],
        lr=rate,
        weight_decay=weight_decay,
        adjust_lr_fn="match_rms_adamw",
    )
    return (adam, muon)
