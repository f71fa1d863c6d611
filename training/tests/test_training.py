"""Growing a network, teachers, and preparing batches ahead."""

import unittest

import torch

from blend import blended
from model import DepthNet, grown, pass_on
from muon import orthogonal
from teacher import Teacher
from train import ahead, drawn, fused, learning_rate, taught

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

    def test_a_step_is_nearly_orthogonal(self):
        # Five iterations of Muon's polynomial bring singular values near 1, not to it.
        values = torch.linalg.svdvals(orthogonal(torch.randn(6, 20, generator=torch.Generator().manual_seed(5)), steps=5))
        self.assertTrue(((values > 0.6) & (values < 1.3)).all())


if __name__ == "__main__":
    unittest.main()
