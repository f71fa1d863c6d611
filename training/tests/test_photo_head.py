"""The photo head's fit, its folds, and the rule that chooses the mixture."""

import unittest

import numpy as np
import torch

import photo_head


class PhotoHead(unittest.TestCase):
    def test_a_linear_softmax_is_found_again(self):
        torch.manual_seed(1)
        x = torch.randn(4000, 5)
        true = torch.randn(6, 8) * 0.5
        targets = (torch.cat([x, torch.ones(len(x), 1)], 1) @ true).softmax(1)
        found = photo_head.fitted([(x, targets, 1.0)], ridge=0.0)
        said = photo_head.answers(x, found)
        self.assertLess(np.abs(said - targets[:, :7].numpy()).max(), 0.01)

    def test_weights_say_how_much_a_part_counts(self):
        x = torch.zeros(10, 1)
        one, other = torch.eye(8)[0].expand(10, 8), torch.eye(8)[1].expand(10, 8)
        said = photo_head.answers(x[:1], photo_head.fitted([(x, one, 0.75), (x[:5], other[:5], 0.25)], ridge=0.0))
        self.assertAlmostEqual(float(said[0, 0]), 0.75, delta=0.01)
        self.assertAlmostEqual(float(said[0, 1]), 0.25, delta=0.01)

    def test_a_person_is_in_one_fold(self):
        persons = np.array(["2", "10", "2", "4", "10", "6"])
        folds = photo_head.folds_of(persons)
        for person in set(persons):
            self.assertEqual(len(set(folds[persons == person])), 1)
        self.assertEqual(folds[0], 0)  # by number, not by text: 2 before 10
        self.assertEqual(folds[1], 3)

    def test_what_is_none_of_the_seven_is_the_eighth(self):
        eighth = photo_head.eight(np.array([[0.1, 0.0, 0.0, 0.5, 0.0, 0.0, 0.2]]))[:, 7]
        self.assertAlmostEqual(float(eighth[0]), 0.2, places=6)

    def test_the_rule_takes_the_largest_share_within_one_standard_error(self):
        random = np.random.default_rng(2)
        shares = random.dirichlet(np.ones(7), 60)
        persons = np.repeat([str(person) for person in range(6)], 10)
        row = lambda outside, ferplus, misread: {"outside_ccc": outside, "ferplus_ccc": ferplus, "misread": misread}  # noqa: E731
        # The best mean is misread too often, and does not count.
        table = {0.0: row(0.9, 0.9, 0.2), 0.1: row(0.8, 0.8, 0.05), 0.2: row(0.8, 0.7999, 0.05), 1.0: row(0.1, 0.84, 0.01)}
        noisy = np.abs(shares + random.normal(0, 0.05, shares.shape))
        chosen, error = photo_head.choose(table, (noisy, noisy, shares, persons), ())
        self.assertGreater(error, 0)
        self.assertEqual(chosen, 0.2)
        exact, error = photo_head.choose(table, (shares, shares, shares, persons), ())
        self.assertEqual((exact, round(error, 9)), (0.1, 0.0))


if __name__ == "__main__":
    unittest.main()
