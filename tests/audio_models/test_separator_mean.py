"""Several separators as one: order of voices, mean, and what is taught."""

from __future__ import annotations

import torch
from torch import Tensor

from audio_models.separator import make_separator
from audio_models.separator_bands import BandConfig
from audio_models.separator_base import Separator
from audio_models.separator_mean import SeparatorMean
from audio_models.separator_stack import StackConfig

FRAMES = 400


class Fixed(Separator):
    """Answers with what it is given."""

    def __init__(self, masks: Tensor) -> None:
        super().__init__()
        self.masks = masks

    def frame_masks(self, spectrum: Tensor) -> Tensor:
        return self.masks.expand(len(spectrum), -1, -1, -1)


def spectrum() -> Tensor:
    return torch.randn(
        1, 512, FRAMES, dtype=torch.complex64, generator=torch.Generator().manual_seed(1)
    )


def truth() -> Tensor:
    """(1, T, 3, 512): one voice below, one above, a little rest."""
    masks = torch.full((1, FRAMES, 3, 512), 0.1)
    masks[:, :, 0, :256] = 0.8
    masks[:, :, 1, 256:] = 0.8
    return masks


def test_a_member_in_the_other_order_is_turned_round() -> None:
    exchanged = truth()[:, :, [1, 0, 2]]
    mean = SeparatorMean([Fixed(truth()), Fixed(exchanged)], [0.5, 0.5])
    assert torch.allclose(mean.frame_masks(spectrum().transpose(1, 2)), truth())


def test_a_member_that_changes_its_mind_is_followed() -> None:
    changing = truth()
    changing[:, FRAMES // 2 :] = changing[:, FRAMES // 2 :, [1, 0, 2]]
    mean = SeparatorMean([Fixed(truth()), Fixed(changing)], [0.5, 0.5])
    masks = mean.frame_masks(spectrum().transpose(1, 2))
    wrong = (masks - truth()).abs().amax((0, 2, 3)) > 1e-5
    assert int(wrong.sum()) < 12
    assert not wrong[: FRAMES // 2 - 12].any()
    assert not wrong[FRAMES // 2 + 12 :].any()


def test_masks_are_the_weighted_mean_and_add_up() -> None:
    torch.manual_seed(2)
    members = [
        make_separator(StackConfig(width=24, layers=2)).eval(),
        make_separator(BandConfig(width=16, layers=2, waist=8)).eval(),
    ]
    mean = SeparatorMean(members, [0.75, 0.25]).eval()
    sound = spectrum()
    with torch.inference_mode():
        masks, first, second = mean(sound), members[0](sound), members[1](sound)
    assert masks.shape == (1, 3, 512, FRAMES)
    assert torch.allclose(masks.sum(1), torch.ones(1, 512, FRAMES), atol=1e-5)
    assert torch.allclose(masks[:, 2], 0.75 * first[:, 2] + 0.25 * second[:, 2], atol=1e-5)
    straight = (masks - (0.75 * first + 0.25 * second)).abs().amax((0, 1, 2))
    turned = (masks - (0.75 * first + 0.25 * second[:, [1, 0, 2]])).abs().amax((0, 1, 2))
    assert bool((torch.minimum(straight, turned) < 1e-5).all())


def test_one_network_is_taught_in_its_place() -> None:
    first = make_separator(StackConfig(width=24, layers=2))
    second = make_separator(BandConfig(width=16, layers=2, waist=8))
    mean = SeparatorMean([first, second], [0.5, 0.5])
    assert mean.learner() is first
    taught = mean.taught(Fixed(truth()))
    with torch.inference_mode():
        masks = taught.frame_masks(spectrum().transpose(1, 2))
        other = second.frame_masks(spectrum().transpose(1, 2))
    assert torch.allclose(masks[:, :, 2], 0.7 * truth()[:, :, 2] + 0.3 * other[:, :, 2], atol=1e-5)
    # What was taught says which voice is which.
    straight = 0.7 * truth()[:, :, :2] + 0.3 * other[:, :, :2]
    crossed = 0.7 * truth()[:, :, :2] + 0.3 * other[:, :, [1, 0]]
    wrong = torch.minimum((masks[:, :, :2] - straight).abs(), (masks[:, :, :2] - crossed).abs())
    assert float(wrong.max()) < 1e-5
    assert first.taught(second) is second
    assert first.learner() is first
