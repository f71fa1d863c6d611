"""The steps on a card are those of train.py, and what travels there comes back."""

import copy
import tempfile
import unittest
from pathlib import Path

import numpy as np
import torch

import data
import gpu_lessons
import gpu_pack
import networks
import train
from learner import Learner


class Steps(unittest.TestCase):
    def test_a_step_is_that_of_the_training_loop(self):
        torch.manual_seed(0)
        net = networks.built("student", 0.0, 0, None)
        other, average = copy.deepcopy(net), copy.deepcopy(net)
        args = train.arguments(["--images", "a", "--votes", "b", "--work", "c", "--muon", "0.03", "--rate", "0.012", "--batch", "256"])
        optimizers = train.optimizers_of(other, args)
        learner = Learner(net, average, gpu_lessons.two_heads, 0.03, 0.024, 0.9)
        x, classes, votes = torch.rand(16, 1, 48, 48), torch.rand(16, 7).softmax(1), torch.rand(16, 10).softmax(1)
        before = copy.deepcopy(average.state_dict())
        learner.share.fill_(0.5)
        learner.keep.fill_(0.9)
        learner._forget_gradients()
        gpu_lessons.two_heads(net(x), classes, votes).backward()  # in single precision: bfloat16 would round
        with torch.no_grad():
            learner._update()
        other.zero_grad(set_to_none=True)
        gpu_lessons.two_heads(other(x), classes, votes).backward()
        torch.nn.utils.clip_grad_norm_(other.parameters(), 5.0)
        for optimizer in optimizers:
            for group in optimizer.param_groups:
                group["lr"] = (0.03 if type(optimizer).__name__ == "Muon" else 0.024) * 0.5
            optimizer.step()
        for ours, theirs in zip(net.parameters(), other.parameters()):
            self.assertLess((ours - theirs).abs().max().item(), 1e-5)
        name = "head.weight"
        expected = before[name].lerp(net.state_dict()[name], 0.1)
        self.assertLess((average.state_dict()[name] - expected).abs().max().item(), 1e-6)


class Packing(unittest.TestCase):
    def test_faces_come_back_in_their_order(self):
        random = np.random.default_rng(3)
        flat = np.repeat(random.integers(0, 256, (300, 1, 1)), 48, 1).repeat(48, 2).astype(np.uint8)
        np.testing.assert_array_equal(gpu_pack.faces_of(gpu_pack.packed(flat).tobytes(), 300), flat)
        lossy = gpu_pack.faces_of(gpu_pack.packed(flat, 85).tobytes(), 300)
        self.assertLess(np.abs(lossy.astype(int) - flat).max(), 12)

    def test_a_pack_is_read_as_it_was_written(self):
        random = np.random.default_rng(4)
        faces = random.integers(0, 256, (40, 48, 48)).astype(np.uint8)
        votes = random.dirichlet(np.ones(10), 40).astype(np.float32)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "pack.npz"
            np.savez(path, fit=gpu_pack.packed(faces[:30]), live=gpu_pack.packed(faces[:30:2]), fit_labels=np.arange(30) % 7, fit_votes=votes[:30],
                     held=gpu_pack.packed(faces[30:]), held_labels=np.arange(10) % 7, held_votes=votes[30:])
            pack = gpu_pack.unpacked(path, torch.device("cpu"))
        np.testing.assert_array_equal(pack.held.faces, faces[30:])
        np.testing.assert_array_equal(pack.live[3, 0].numpy(), faces[6])
        pictures = gpu_lessons.disturbed(pack, torch.arange(30), 0.5, 0.1, 0.1)
        self.assertEqual(pictures.x.shape, (30, 1, 48, 48))
        wanted = torch.eye(30)
        mixed = pictures.targets(wanted)
        self.assertTrue(torch.allclose(mixed.sum(1), torch.ones(30)))
        plain = pictures.weights[:, 0] == 0
        self.assertTrue((mixed[plain].argmax(1) == torch.arange(30)[plain]).all())


if __name__ == "__main__":
    unittest.main()
