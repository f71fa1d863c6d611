"""Growing a network, teachers, and preparing batches ahead."""

import tempfile
import unittest
from pathlib import Path

import numpy as np
import torch

import networks
from blend import blended
from data import Split, drawn
from lessons import Lessons, ahead
from model import DepthNet, grown, pass_on
from muon import orthogonal
from networks import fused, taught
from pool import Pool, Sheet, mark
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
        threads = torch.get_num_threads()
        self.addCleanup(torch.set_num_threads, threads)
        torch.set_num_threads(1)  # more add in another order
        source = np.random.default_rng(3)
        votes = source.dirichlet(np.ones(10), 40).astype(np.float32)
        self.fit = Split(source.integers(0, 255, (40, 48, 48), dtype=np.uint8), votes.argmax(1) % 7, votes)
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def lessons(self, pool: bool = False) -> Lessons:
        return Lessons(
            fit=self.fit, batch=8, smoothing=0.2, balance=0.3, strength=0.8, erase=0.5, cover=0.3, trust=0.7, device=torch.device("cpu"), bf16=False,
            seed=11, pool=Pool([self.folder / "pool"], self.fit.faces) if pool else None, jitter=0.2,
        )

    def fill_pool(self):
        (self.folder / "pool").mkdir()
        for index in range(2):
            faces = torch.from_numpy(self.fit.faces).unsqueeze(1) ^ index  # no two alike
            sheet = Sheet(faces, torch.arange(40), torch.full((40, 7), 1 / 7), torch.from_numpy(self.fit.votes), mark(self.fit.faces.tobytes()), "m")
            sheet.save(self.folder / "pool" / f"{index:05}.npz")

    def test_lessons_do_not_depend_on_what_else_is_drawn(self):
        self.fill_pool()
        for pool in (False, True):
            runs = []
            for disturbing in (0, 5):
                torch.manual_seed(disturbing)
                seen = []
                for _, x, classes, _ in self.lessons(pool).epoch(lambda step: 48):
                    torch.rand(disturbing)
                    seen += [x, classes]
                runs.append(torch.cat([part.flatten() for part in seen]))
            self.assertTrue(torch.equal(*runs))

    def run_of(self, epochs: int, work: str, stop_after: int | None = None, start: Path | None = None, pool: bool = False) -> Run:
        folder = self.folder / work
        folder.mkdir(exist_ok=True)
        args = arguments(["--images", "i", "--votes", "v", "--work", str(folder), "--epochs", str(epochs), "--batch", "8", "--muon", "0.02", "--seed", "4"])
        torch.manual_seed(args.seed)
        run = Run(args, torch.device("cpu"), self.lessons(pool), None)
        if source := start or ((folder / "last.pt") if (folder / "last.pt").exists() else None):
            torch.manual_seed(99)  # of another process
            run.begin(source, torch.load(source, weights_only=False), same_run=start is None)
        while run.progress(0) < 1 and run.epoch != stop_after:
            run.run_epoch(self.fit, [(48, 1.0)])
        run.save(folder / "last.pt", {})
        return run

    def assert_same_weights(self, one: Run, other: Run):
        for name, value in one.average.state_dict().items():
            self.assertTrue(torch.equal(value, other.average.state_dict()[name]), name)

    def test_an_interrupted_run_ends_as_one_that_was_not(self):
        self.fill_pool()
        for pool in (False, True):
            whole = self.run_of(3, f"whole-{pool}", pool=pool)
            self.run_of(3, f"parts-{pool}", stop_after=1, pool=pool)
            self.assert_same_weights(whole, self.run_of(3, f"parts-{pool}", pool=pool))

    def test_another_run_goes_on_with_new_lessons(self):
        first = self.run_of(2, "first", stop_after=1)
        self.assert_same_weights(self.run_of(2, "whole"), self.run_of(2, "second", start=self.folder / "first/last.pt"))
        # From a finished checkpoint another run begins: its own epochs, from half precision.
        first.finish(self.folder / "student.pt", {})
        other = self.run_of(1, "third", stop_after=0, start=self.folder / "student.pt")
        self.assertEqual((other.epoch, other.spent, other.log), (0, 0.0, []))
        for name, value in networks.halved(first.average.state_dict()).items():
            self.assertTrue(torch.equal(value, networks.halved(other.model.state_dict())[name]), name)
            self.assertTrue(torch.equal(value, networks.halved(other.average.state_dict())[name]), name)


class Steps(unittest.TestCase):
    def test_a_step_is_nearly_orthogonal(self):
        # Five iterations of Muon's polynomial bring singular values near 1, not to it.
        values = torch.linalg.svdvals(orthogonal(torch.randn(6, 20, generator=torch.Generator().manual_seed(5)), steps=5))
        self.assertTrue(((values > 0.6) & (values < 1.3)).all())


if __name__ == "__main__":
    unittest.main()
