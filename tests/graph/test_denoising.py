"""The parts of a diffusion drawing that make up new data are drawings of their own."""

from __future__ import annotations

import pytest

from graph.denoising import denoising, trains_diffusion
from graph.gallery import find
from graph.gallery.draw import Drawing, Out
from graph.infer import infer
from graph.model import Document
from graph.problems import UserError
from graph.tensor import T


def latent(told: bool = True, compares: bool = True) -> Document:
    """An encoder to 3 numbers, noise on them, a guess that knows the label, and a decoder."""
    d = Drawing()
    image = d.add("input", name="image", shape="8")
    code = d.add("dense", image, name="encode", features=3)
    clean = d.add("detach", code)
    step = d.add("random_timestep", clean, name="step", steps=20)
    noise = d.add("noise", clean, name="noise")
    noisy = d.add("add_noise", clean, noise, step, name="noisy", steps=20)
    x = d.add("dense", noisy, name="guess", features=3)
    if told:
        x = d.add("add", x, _label(d), name="told")
    d.add("output", x, name="noise_guess")
    rebuilt = d.add("dense", code, name="decode", features=8)
    d.add("output", rebuilt, name="rebuilt")
    if compares:
        d.add("mse", x, noise, name="noise_loss")
    d.add("mse", rebuilt, image, name="image_loss")
    return d.document


def _label(d: Drawing) -> Out:
    label = d.add("input", name="label", shape="", dtype="int64")
    return d.add("embedding", label, name="labels", vocabulary=10, dimension=3)


def named(document: Document | None) -> set[str]:
    assert document is not None
    return {node.name for node in document.graph.nodes.values()}


def test_the_denoiser_is_what_leads_from_noisy_data_and_the_step_to_the_guess():
    document = find("diffusion").build(blocks=1)
    parts = denoising(document, infer(document))
    assert {"noisy", "step", "denoiser"} < named(parts.denoiser)
    assert not {"points", "noise", "noise_loss"} & named(parts.denoiser)
    assert parts.decoder is None
    assert parts.clean == T("N", 2)
    typing = infer(parts.denoiser)
    assert typing.problems == {}
    assert typing.types[parts.step] == {"y": T("N", dtype="int64")}


def test_blocks_keep_their_ids_so_that_weights_fit_the_parts():
    document = latent()
    parts = denoising(document, infer(document))
    for part in (parts.denoiser, parts.decoder):
        assert part is not None
        for id, node in part.graph.nodes.items():
            if node.kind in ("dense", "embedding"):
                assert document.graph.nodes[id].name == node.name


def test_an_input_beside_the_data_stays_one_that_tells_the_denoiser_more():
    document = latent()
    parts = denoising(document, infer(document))
    assert [parts.denoiser.node(id).name for id in parts.told] == ["label"]


def test_what_encodes_is_left_out_and_what_decodes_begins_with_the_code():
    document = latent()
    parts = denoising(document, infer(document))
    assert "encode" not in named(parts.denoiser)
    assert {"decode"} < named(parts.decoder)
    assert "image" not in named(parts.decoder)
    assert parts.decoder is not None
    assert infer(parts.decoder).problems == {}


def test_a_drawing_without_noise_by_steps_is_refused():
    document = find("mlp").build()
    assert not trains_diffusion(document)
    with pytest.raises(UserError, match="needs one Add noise"):
        denoising(document, infer(document))


def test_a_guess_that_no_loss_compares_with_the_noise_is_refused():
    document = latent(compares=False)
    assert trains_diffusion(document)
    with pytest.raises(UserError, match="No loss compares"):
        denoising(document, infer(document))


def test_noise_that_is_not_wired_to_the_end_is_refused():
    d = Drawing()
    d.add("add_noise", d.add("input", shape="2"), name="noisy")
    with pytest.raises(UserError, match="not wired to the end"):
        denoising(d.document, infer(d.document))
