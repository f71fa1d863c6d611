"""Figures, duplicates, disturbances and calibration on tiny hand-made data."""

import unittest

import numpy as np
import torch

import calibrate
import data
from disturb import DISTURBANCES
from duplicates import nearest
from metrics import calibration_error, ceiling, concordance, report


def votes(**shares) -> list[float]:
    return [shares.get(name, 0.0) for name in data.VOTES]


SPLIT = data.Split(
    np.zeros((4, 48, 48), np.uint8),
    np.array([6, 3, 6, 0]),
    np.array([votes(neutral=1.0), votes(happy=0.8, neutral=0.2), votes(neutral=0.5, sad=0.5), votes(angry=0.6, contempt=0.4)], np.float32),
)


class Figures(unittest.TestCase):
    def test_by_hand(self):
        classes = np.full((4, 7), 0.05)
        for row, said in enumerate([6, 3, 4, 0]):
            classes[row, said] = 0.7
        said = np.array([votes(sad=0.6, neutral=0.4), votes(happy=1.0), votes(neutral=1.0), votes(contempt=0.7, angry=0.3)])
        figures = report(classes, said, SPLIT)
        self.assertAlmostEqual(figures["accuracy"], 0.75)
        self.assertAlmostEqual(figures["nll"], -(3 * np.log(0.7) + np.log(0.05)) / 4)
        self.assertAlmostEqual(figures["ece"], 0.05)  # one bin: 0.70 confident, 0.75 right
        self.assertEqual(figures["ferplus_faces"], 3)  # the third face is a tie
        self.assertAlmostEqual(figures["ferplus"], 1 / 3)  # the first is read as sad, the last as contempt
        self.assertEqual(figures["neutral_faces"], 1)
        self.assertEqual(figures["neutral_misread"], 1.0)
        self.assertAlmostEqual(figures["recall"]["neutral"], 0.5)
        self.assertAlmostEqual(figures["mae"]["angry"], 0.3 / 4, places=6)

    def test_concordance_punishes_scale_and_shift(self):
        x = np.array([0.0, 1.0, 2.0, 3.0])
        self.assertAlmostEqual(concordance(x, x), 1.0)
        self.assertAlmostEqual(concordance(x, x + 1), 2 * 1.25 / (1.25 + 1.25 + 1))
        self.assertAlmostEqual(concordance(x, -x), 2 * -1.25 / (1.25 + 1.25 + 9))

    def test_ceiling_is_one_for_unanimous_raters(self):
        split = data.Split(SPLIT.faces[:2], SPLIT.labels[:2], np.array([votes(happy=1.0), votes(sad=1.0)], np.float32))
        self.assertAlmostEqual(ceiling(split)["happy"], 1.0)
        p = np.array([1.0, 0.2, 0.5, 0.0])
        self.assertAlmostEqual(ceiling(SPLIT)["neutral"], np.sqrt(1 - (p * (1 - p) / 9).mean() / p.var()), places=5)

    def test_calibration_error_of_perfect_confidence(self):
        self.assertEqual(calibration_error(np.eye(3), np.arange(3)), 0.0)
        self.assertEqual(calibration_error(np.eye(3), np.array([1, 2, 0])), 1.0)


class Duplicates(unittest.TestCase):
    def test_finds_brighter_and_mirrored_twins(self):
        random = np.random.default_rng(4)
        faces = random.integers(40, 160, (6, 48, 48), dtype=np.uint8)
        twins = np.stack([faces[1] + 30, faces[2][:, ::-1], random.integers(0, 255, (48, 48), dtype=np.uint8)])
        found = nearest(twins, faces, chunk=4)
        self.assertTrue((found[:2] > 0.999).all() and found[2] < 0.2)

    def test_a_grey_face_resembles_nothing(self):
        grey = np.full((1, 48, 48), 9, np.uint8)
        self.assertEqual(nearest(grey, grey)[0], 0.0)


class Disturbances(unittest.TestCase):
    def test_keep_the_form_and_change_the_picture(self):
        faces = np.random.default_rng(6).integers(0, 256, (3, 48, 48), dtype=np.uint8)
        for name, change in DISTURBANCES.items():
            changed = change(faces)
            self.assertEqual((changed.shape, changed.dtype), (faces.shape, np.uint8), name)
            self.assertEqual((changed == faces).all(), name == "none", name)


class Calibration(unittest.TestCase):
    def test_finds_the_temperature_that_was_used(self):
        torch.manual_seed(8)
        logits = torch.randn(4000, 7) * 2
        target = torch.softmax(logits * 0.5, 1)
        scale, bias = calibrate.fit(logits, target, float("inf"))
        torch.testing.assert_close(scale, torch.full((7,), 0.5, dtype=torch.double), atol=1e-3, rtol=0)
        self.assertEqual(bias.abs().max(), 0)

    def test_few_faces_are_not_fitted_in_detail(self):
        torch.manual_seed(9)
        logits = torch.randn(60, 7)
        target = torch.nn.functional.one_hot(torch.distributions.Categorical(logits=logits).sample(), 7)
        weak = calibrate.cross_validate(logits, target, 0.0)
        self.assertLess(calibrate.choose(logits, target)[3][float("inf")], weak)


if __name__ == "__main__":
    unittest.main()
