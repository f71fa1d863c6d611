"""Growing a network, teachers, and preparing batches ahead."""

import tempfile
import unittest
from pathlib import Path

import numpy as np
import torch

from blend import blended
from data import Split, drawn
from lessons import Lessons, ahead
from model import DepthNet, grown, pass_on
from muon import orthogonal
from networks import fused, taught
from teacher import Teacher
from train import Run, arguments, learning_rate

FACES = torch.rand(3, 1, 48, 48, generator=torch.Generator().manual_seed(1))


def used(net):
    """A network whose batch normalisations have seen something."""
    net.train()
    with torch.no_grad():
        net(torch.rand(8, 1, 48, 48))
    return net.eval()


class Growing(unittest.TestCase):
    def test_a_grown_network_says_the_same(self):
        torch.manual_seed(3)
        small, large = used(DepthNet((8, 16), (1, 1))), DepthNet((8, 16), (2, 3)).eval()
        weights = grown(small.state_dict(), (1, 1), (2, 3))
        for index, block in enumerate(large.blocks):
            if f"blocks.{index}.first.conv.weight" not in weights:
                pass_on(block)
        missing, unexpected = large.load_state_dict(weights, strict=False)
        self.assertEqual(unexpected, [])
        self.assertEqual({name.split(".")[1] for name in missing}, {"1", "3", "4"})
        with torch.no_grad():
            for before, after in zip(small(FACES), large(FACES)):
                torch.testing.assert_close(before, after)

    def test_a_network_does_not_shrink(self):
        self.assertRaises(ValueError, grown, {}, (2,), (1,))


class Blending(unittest.TestCase):
    def test_weights_are_averaged_and_counters_kept(self):
        states = [{"widths": (8,), "average": {"weight": torch.full((2,), value), "count": torch.tensor(int(value))}} for value in (1.0, 4.0)]
        result = blended(states)
        self.assertEqual(result["average"]["weight"].tolist(), [2.5, 2.5])
        self.assertEqual(result["average"]["weight"].dtype, torch.float16)
        self.assertEqual((result["average"]["count"].item(), result["widths"]), (1, (8,)))
        states[1]["average"]["other"] = torch.zeros(1)
        self.assertRaises(SystemExit, blended, states)


class Teachers(unittest.TestCase):
    def test_folding_changes_nothing_and_the_mean_is_of_probabilities(self):
        torch.manual_seed(4)
        nets = [used(Teacher((8, 16), (1, 2))) for _ in range(2)]
        with torch.no_grad():
            said = [net(FACES) for net in nets]
        means = [(said[0][head].softmax(1) + said[1][head].softmax(1)) / 2 for head in (0, 1)]
        for mean, answer in zip(means, taught([fused(net) for net in nets], FACES)):
            torch.testing.assert_close(mean, answer, rtol=1e-4, atol=1e-5)


class Loop(unittest.TestCase):
    def test_batches_come_in_order_and_not_far_ahead(self):
        made = []
        for index, result in enumerate(ahead(lambda item: made.append(item) or item * item, range(9))):
            self.assertEqual(result, index * index)
            self.assertLessEqual(len(made), index + 4)
        self.assertEqual(made, list(range(9)))

    def test_an_error_while_preparing_ends_the_loop(self):
        self.assertRaises(ZeroDivisionError, list, ahead(lambda item: 1 // item, [1, 0]))

    def test_the_rate_rises_stays_and_falls_to_nothing(self):
        rates = [learning_rate(at, 0.1, 0.5) for at in (0.05, 0.1, 0.5, 0.99, 1.0)]
        self.assertAlmostEqual(rates[0], 0.5, places=1)
        self.assertEqual(rates[1:3], [1.0, 1.0])
        self.assertLess(rates[3], 0.02)
        self.assertEqual(rates[4], 0.0)

    def test_balance_draws_rare_classes_more_often(self):
        torch.manual_seed(2)
        labels = torch.tensor([0] * 900 + [1] * 100).numpy()
        self.assertEqual(sorted(drawn(labels, 0.0).tolist()), list(range(1000)))
        rare = (drawn(labels, 0.5) >= 900).float().mean().item()
        self.assertAlmostEqual(rare, 0.25, delta=0.04)  # sqrt(100) / (sqrt(100) + sqrt(900))

class Repeating(unittest.TestCase):
    """The same seed gives the same run, whatever the two threads draw by turns."""

    def setUp(self):
        torch.set_num_threads(1)  # more add in another order
        source = np.random.default_rng(3)
        votes = source.dirichlet(np.ones(10), 40).astype(np.float32)
        self.fit = Split(source.integers(0, 255, (40, 48, 48), dtype=np.uint8), votes.argmax(1) % 7, votes)

    def lessons(self) -> Lessons:
        return Lessons(self.fit, 8, 0.2, 0.3, 0.8, 0.5, 0.3, 0.7, torch.device("cpu"), False, 11)

    def test_lessons_do_not_depend_on_what_else_is_drawn(self):
        runs = []
        for disturbing in (0, 5):
            torch.manual_seed(disturbing)
            seen = []
            for _, x, classes, _ in self.lessons().epoch(lambda step: 48):
                torch.rand(disturbing)
                seen += [x, classes]
            runs.append(torch.cat([part.flatten() for part in seen]))
        self.assertTrue(torch.equal(*runs))

    def run_of(self, epochs: int, folder: Path, stop_after: int | None = None):
        args = arguments(["--images", "i", "--votes", "v", "--work", str(folder), "--epochs", str(epochs), "--batch", "8", "--muon", "0.02", "--seed", "4"])
        torch.manual_seed(args.seed)
        run = Run(args, torch.device("cpu"), self.lessons(), None)
        if (folder / "last.pt").exists():
            torch.manual_seed(99)  # of another process
            run.begin(torch.load(folder / "last.pt", weights_only=False), same_run=True)
        while run.progress(0) < 1 and run.epoch != stop_after:
            run.run_epoch(self.fit, [(48, 1.0)])
        run.save(folder / "last.pt", {})
        return torch.cat([value.flatten().float() for value in run.average.state_dict().values()])

    def test_an_interrupted_run_ends_as_one_that_was_not(self):
        with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as two:
            whole = self.run_of(3, Path(one))
            self.run_of(3, Path(two), stop_after=1)
            self.assertTrue(torch.equal(whole, self.run_of(3, Path(two))))


class Steps(unittest.TestCase):
    def test_a_step_is_nearly_orthogonal(self):
        # Five iterations of Muon's polynomial bring singular values near 1, not to it.
        values = torch.linalg.svdvals(orthogonal(torch.randn(6, 20, generator=torch.Generator().manual_seed(5)), steps=5))
        self.assertTrue(((values > 0.6) & (values < 1.3)).all())


if __name__ == "__main__":
    unittest.main()
