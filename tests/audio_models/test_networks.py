"""Networks that only hear: sizes as published, shapes, identities, gradients, windows."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from audio_models.cnn_mask import CNNMask, CNNMaskConfig, Features, Form, PlainCNN, a_weighting_db
from audio_models.errors import ModelError
from audio_models.jansson import InputScale, JanssonConfig, JanssonUNet
from audio_models.networks import CONFIGS, build_network, changed, load_network, save_network
from audio_models.registry import MODELS
from audio_models.sound_network import STEMS, VOICE, SoundNetwork, centre, parameter_count
from audio_models.tf_blocks import TDF, DenseConvolutions
from audio_models.tf_unet import Activation, Block, TFUNet, TFUNetConfig
from audio_models.transform import Transform
from audio_models.wave_blocks import Upsampling
from audio_models.wave_unet import WaveUNetConfig, legal_lengths

JANSSON = JanssonConfig(depth=3, first_channels=4, n_fft=64, hop=48, patch_frames=32)
TF = TFUNetConfig(
    discarded=64,
    blocks=3,
    time_levels=(0,),
    n_fft=64,
    hop=32,
    width=4,
    layers=2,
    patch_frames=32,
    channels=2,
)
WAVE = WaveUNetConfig(levels=2, width=4, wanted=64)
CNN = CNNMaskConfig(n_fft=64, hop=16, width=4, patch_frames=8)
TINY = {
    "jansson": JANSSON,
    "jansson of two": replace(JANSSON, sources=("accompaniment", VOICE)),
    **{
        block.value: replace(TF, block=block, time_levels=(0,) if "tfc" in block.value else ())
        for block in Block
    },
    "tdf without narrowing": replace(TF, block=Block.TDF, bottleneck=None, time_levels=()),
    "direct": replace(WAVE, difference=False, context=False, channels=1),
    "difference": replace(WAVE, context=False),
    "context": WAVE,
    "learnt": replace(WAVE, learnt_upsampling=True),
    "stems": replace(WAVE, sources=STEMS),
    "cnn": CNN,
    "resnet": replace(CNN, form=Form.RESNET18),
}


@pytest.fixture(autouse=True)
def _one_thread() -> Iterator[None]:
    """Networks this small are slower with more."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def tiny(name: str) -> SoundNetwork:
    torch.manual_seed(3)
    return build_network(TINY[name])


def sound(batch: int, channels: int, samples: int, seed: int = 5) -> torch.Tensor:
    return 0.3 * torch.randn(
        batch, channels, samples, generator=torch.Generator().manual_seed(seed)
    )


PUBLISHED = {
    "unet-jansson": 9_823_313,  # 9.82 M
    "tdc-unet": 535_924,
    "tfc-tdf-unet": 1_930_840,
    "tfc-tdf-unet-large": 2_232_132,
    "wave-unet-m1": 10_263_028,  # 10.263 M
    "wave-unet-m4": 10_263_390,
    "wave-unet-m6": 10_263_498,
    "wave-unet-m5": 10_265_550,  # 10.266 M
    "wave-unet-m5-highsr": 10_265_550,
}


@pytest.mark.parametrize(("model_id", "count"), PUBLISHED.items())
def test_as_many_parameters_as_published(model_id: str, count: int) -> None:
    assert parameter_count(build_network(CONFIGS[model_id])) == count


def test_each_depth_of_jansson_counts_by_its_convolutions() -> None:
    for depth in (3, 4, 5, 6):
        widths = [1, *(16 << level for level in range(depth))]
        pairs = list(itertools.pairwise(widths))
        weights = sum(25 * a * b for a, b in pairs) + sum(3 * b for _, b in pairs)
        outs = [*reversed(widths[1:-1])]
        ins = [widths[-1], *(2 * w for w in outs)]
        weights += sum(25 * a * b + 3 * b for a, b in zip(ins, outs, strict=False))
        weights += 25 * ins[-1] + 1
        assert parameter_count(JanssonUNet(JanssonConfig(depth=depth))) == weights


def test_registry_and_networks_agree() -> None:
    listed = {spec.id: spec for spec in MODELS if spec.trained_here}
    assert list(listed) == list(CONFIGS)
    for model_id, config in CONFIGS.items():
        assert listed[model_id].sample_rate == config.sample_rate
        assert listed[model_id].needs == "nothing"


def test_variants_of_wave_unet_differ_as_published() -> None:
    def facts(number: str) -> tuple:
        c = CONFIGS[f"wave-unet-{number}"]
        assert isinstance(c, WaveUNetConfig)
        return (
            c.difference, c.context, c.channels, c.learnt_upsampling, len(c.sources),
            c.sample_rate, c.width,
        )  # fmt: skip

    assert facts("m1") == (False, False, 1, False, 2, 22050, 24)
    assert facts("m2") == (True, False, 1, False, 2, 22050, 24)
    assert facts("m3") == (True, True, 1, False, 2, 22050, 24)
    assert facts("m4") == (True, True, 2, False, 2, 22050, 24)
    assert facts("m5") == (True, True, 2, True, 2, 22050, 24)
    assert facts("m6") == (True, True, 2, False, 4, 22050, 24)
    assert facts("m7") == (True, True, 1, False, 2, 8192, 34)
    assert facts("m5-highsr") == (True, True, 2, True, 2, 44100, 24)


def test_legal_lengths() -> None:
    assert legal_lengths(WaveUNetConfig(), 16384) == (147443, 16389)
    assert legal_lengths(WaveUNetConfig(width=34), 98560) == (233459, 102405)
    assert legal_lengths(WaveUNetConfig(context=False), 16384) == (16384, 16384)
    assert legal_lengths(WaveUNetConfig(context=False), 16385) == (20480, 20480)


@pytest.mark.parametrize("name", TINY)
@pytest.mark.parametrize("batch", [1, 2])
def test_shapes(name: str, batch: int) -> None:
    network = tiny(name).eval()
    windows = [network.patch] if name == "resnet" else [network.patch, network.window]
    for window in windows:
        with torch.inference_mode():
            answer = network(sound(batch, network.channels, window.input))
        samples = window.answer or window.input
        assert answer.shape == (batch, len(network.sources), network.channels, samples)
        assert 0 < window.output <= samples
        assert window.step > 0


@pytest.mark.parametrize("name", TINY)
def test_every_parameter_learns(name: str) -> None:
    network = tiny(name).train()
    mixture = sound(2, network.channels, network.patch.input)
    sources = torch.stack(
        [sound(2, network.channels, network.patch.input, s) for s in range(len(network.sources))], 1
    )
    loss = network.training_loss(mixture, sources)
    loss.backward()
    assert bool(torch.isfinite(loss))
    for key, parameter in network.named_parameters():
        assert parameter.grad is not None, key
        # A bias before a norm over the batch has no say, and its gradient is rounding.
        if not key.endswith("bias"):
            assert float(parameter.grad.abs().max()) > 0, key


@pytest.mark.parametrize("name", ["jansson", "tfc-tdf", "learnt", "direct", "cnn"])
def test_training_lowers_the_loss(name: str) -> None:
    network = tiny(name).train()
    mixture = sound(2, network.channels, network.patch.input)
    sources = torch.stack([0.3 * mixture] * len(network.sources), 1)
    optimiser = torch.optim.Adam(network.parameters(), 1e-2)
    losses = []
    for _ in range(12):
        loss = network.training_loss(mixture, sources)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        losses.append(float(loss.detach()))
    assert losses[-1] < 0.95 * losses[0]


@pytest.mark.parametrize(("n_fft", "hop"), [(1024, 768), (2048, 1024), (1024, 256)])
def test_transform_inverts(n_fft: int, hop: int) -> None:
    transform = Transform(n_fft, hop)
    whole = sound(1, 2, hop * 9)
    again = transform.inverse(transform.forward(whole), hop * 9)
    assert torch.allclose(again, whole, atol=1e-5)
    part = transform.forward(whole, centred=False)
    inside = transform.inverse(part, (part.shape[-1] - 1) * hop)
    first = transform.half
    assert torch.allclose(inside, whole[..., first : first + inside.shape[-1]], atol=1e-5)


def test_masks_of_ones_give_the_mixture_back() -> None:
    jansson = JanssonUNet(JANSSON)
    mixture = sound(1, 1, jansson.patch.input)
    spectrum = jansson.transform.forward(mixture[:, 0], centred=False)
    whole = jansson.apply_masks(torch.ones(1, 1, *spectrum.shape[1:]), spectrum)
    assert torch.allclose(whole[:, 0], centre(mixture, whole.shape[-1]), atol=1e-4)

    cnn = CNNMask(CNN)
    mixture = sound(1, 1, cnn.patch.input)
    spectrum = cnn.transform.forward(mixture[:, 0])
    whole = cnn.apply_masks(torch.ones(spectrum.shape), spectrum, mixture.shape[-1])
    assert torch.allclose(whole[:, 0], mixture, atol=1e-4)


@pytest.mark.parametrize("complex_as_channels", [True, False])
@pytest.mark.parametrize("masking", [True, False])
def test_perfect_answers_give_the_mixture_back(complex_as_channels: bool, masking: bool) -> None:
    network = TFUNet(replace(TF, complex_as_channels=complex_as_channels, masking=masking))
    mixture = sound(2, 2, 320)
    spectrum = network.transform.forward(mixture)
    answer = network.planes(spectrum)
    if masking:
        answer = torch.ones_like(answer)
        if complex_as_channels:
            answer[:, 1::2] = 0.0
    whole = network.transform.inverse(network.apply_answer(answer, spectrum), 320)
    assert torch.allclose(whole, mixture, atol=1e-4)


def test_options_of_the_spectrum_unets() -> None:
    relu = TFUNet(replace(TF, complex_as_channels=False, activation=Activation.RELU)).eval()
    sigmoid = replace(TF, complex_as_channels=False, masking=True, activation=Activation.SIGMOID)
    mask = TFUNet(sigmoid).eval()
    mixture = sound(1, 2, 640)
    magnitude = mask.transform.forward(mixture).abs()
    with torch.inference_mode():
        assert float(relu.answer(relu.planes(relu.transform.forward(mixture))).min()) >= 0
        voice = mask.transform.forward(mask(mixture)[:, 0]).abs()
    # Overlapping frames mix a little, so that a masked frame may exceed the mixture's slightly.
    assert float((voice - magnitude).max()) < 0.3 * float(magnitude.max())
    assert relu.magnitude_only
    assert not TFUNet(TF).magnitude_only
    with pytest.raises(ValueError, match="odd"):
        TFUNet(replace(TF, blocks=4))


def test_difference_output_adds_up() -> None:
    for name in ("difference", "context", "stems"):
        network = tiny(name).eval()
        mixture = sound(1, network.channels, network.patch.input)
        with torch.inference_mode():
            sources = network(mixture)
        assert network.sources[-1] == VOICE
        mixture = centre(mixture, sources.shape[-1])
        assert torch.allclose(sources.sum(1), mixture.clamp(-3, 3), atol=0.5)
        inside = (mixture - sources[:, :-1].sum(1)).abs() <= 1
        assert torch.allclose(sources.sum(1)[inside], mixture[inside], atol=1e-5)


def test_upsampling_inserts_midpoints() -> None:
    x = torch.tensor([[[0.0, 2.0, 6.0]]])
    aligned = Upsampling(1, context=True, learnt=False)(x)
    assert aligned.flatten().tolist() == [0.0, 1.0, 2.0, 4.0, 6.0]
    assert Upsampling(1, context=False, learnt=False)(x).flatten().tolist() == [0, 1, 2, 4, 6, 6]
    learnt = Upsampling(1, context=True, learnt=True)
    assert learnt.weight is not None
    assert learnt(x).flatten().tolist() == aligned.flatten().tolist()
    with torch.no_grad():
        learnt.weight.fill_(20.0)  # all weight on the sample before
    assert learnt(x).flatten().tolist() == [0.0, 0.0, 2.0, 2.0, 6.0]


def test_context_needs_no_seams() -> None:
    """Windows on the grid of the network's strides give what one long run gives."""
    network = tiny("context").eval()
    given, answered = legal_lengths(network.config, 400)
    mixture = sound(1, 2, given)
    with torch.inference_mode():
        whole = network(mixture)
        unit = 1 << network.config.levels
        small_given, small_answered = legal_lengths(network.config, 60)
        for start in range(0, answered - small_answered, 3 * unit):
            part = network(mixture[..., start : start + small_given])
            assert torch.allclose(part, whole[..., start : start + small_answered], atol=1e-5)


def test_blocks_of_single_frames_do_not_see_their_neighbours() -> None:
    for block in (TDF(4, 4, 32, 16, True), DenseConvolutions(4, 4, (1, 3), 5)):
        block.eval()
        x = torch.randn(1, 4, 6, 32)
        y = x.clone()
        y[:, :, 3] += 1.0
        changed_frames = (block(x) - block(y)).abs().amax((0, 1, 3)) > 1e-6
        assert changed_frames.tolist() == [False, False, False, True, False, False]


def test_cnn_in_one_pass_is_the_sliding_patch() -> None:
    network = PlainCNN(63, 4, 0.0).eval()
    x = torch.rand(2, 63, 25 + 7)
    with torch.inference_mode():
        slid = torch.cat([network(x[..., i : i + 25]) for i in range(8)], -1)
        assert torch.allclose(network(x), slid, atol=1e-6)


def test_cnn_masks_hard_soft_and_gated() -> None:
    magnitude = torch.rand(1, 33, 40)
    soft = CNNMask(CNN).eval()
    hard = CNNMask(replace(CNN, hard=True)).eval()
    gated = CNNMask(replace(CNN, floor=0.5)).eval()
    hard.load_state_dict(soft.state_dict())
    gated.load_state_dict(soft.state_dict())
    with torch.inference_mode():
        values = soft.masks(magnitude)
        assert values.shape == magnitude.shape
        assert torch.equal(hard.masks(magnitude), (values >= 0.5).float())
        assert torch.equal(gated.masks(magnitude), torch.where(values < 0.5, 0.0, values))


def test_perceptual_features_follow_the_ear() -> None:
    weights = a_weighting_db(513, 44100)
    at = lambda hz: float(weights[round(hz / 22050 * 512)])  # noqa: E731
    assert at(1000) == pytest.approx(0.0, abs=0.2)
    assert at(4000) == pytest.approx(1.0, abs=0.3)
    assert at(129) == pytest.approx(-16.1, abs=2.0)
    network = CNNMask(replace(CNN, features=Features.PERCEPTUAL))
    seen = network.seen(torch.rand(1, 33, 5) * 16)
    assert 0.0 <= float(seen.min()) <= float(seen.max()) <= 1.1


def test_jansson_scales_its_input() -> None:
    unit = JanssonUNet(replace(JANSSON, input_scale=InputScale.UNIT)).eval()
    magnitude = torch.rand(1, 33, 16)
    with torch.inference_mode():
        assert torch.allclose(unit.masks(magnitude), unit.masks(20 * magnitude), atol=1e-5)
    masks = unit.masks(magnitude)
    assert bool((masks[:, :, -1] == 0.5).all())


@pytest.mark.parametrize("name", ["jansson", "tfc-tdf", "learnt", "cnn"])
def test_weights_on_disk_say_how_to_rebuild(name: str, tmp_path: Path) -> None:
    model_id = {"jansson": "unet-jansson", "tfc-tdf": "tfc-tdf-unet"}.get(name)
    model_id = model_id or {"learnt": "wave-unet-m5", "cnn": "cnn-mask"}[name]
    network = tiny(name)
    path = tmp_path / "x.safetensors"
    save_network(network, path, model_id, {"step": "7"})
    again = load_network(path)
    assert again.config == network.config
    assert not again.training
    mixture = sound(1, network.channels, network.patch.input)
    with torch.inference_mode():
        assert torch.allclose(again(mixture), network.eval()(mixture), atol=0.02)


def test_wrong_weights_and_wrong_settings(tmp_path: Path) -> None:
    path = tmp_path / "x.safetensors"
    with pytest.raises(ModelError, match="cannot be read"):
        load_network(path)
    path.write_bytes(b"nothing")
    with pytest.raises(ModelError, match="cannot be read"):
        load_network(path)
    with pytest.raises(ModelError, match="no setting"):
        changed(CONFIGS["unet-jansson"], {"height": 3})
    with pytest.raises(ModelError, match="no value"):
        changed(CONFIGS["tfc-tdf-unet"], {"block": "magic"})
    assert changed(CONFIGS["tfc-tdf-unet"], {"time_levels": [0]}) == replace(
        TFUNetConfig(), time_levels=(0,)
    )


def test_silence_in_gives_no_nan() -> None:
    for name in TINY:
        network = tiny(name).eval()
        with torch.inference_mode():
            answer = network(torch.zeros(1, network.channels, network.patch.input))
        assert bool(torch.isfinite(answer).all()), name
