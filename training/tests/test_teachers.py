"""The network that begins from a package's weights, and pictures answered ahead of time."""

import tempfile
import unittest
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

from facenet import MEANS, FaceNet, PaddedConvBn, load, relu6
import data
from pool import Pool, Sheet, live_faces, mark, mirrored
from networks import averaged, fused, halved

SMALL = {"widths": (8, 8, 16), "blocks": (2, 1, 2)}


def arrays(seed: int = 5) -> dict[str, np.ndarray]:
    """Weights under the package's names, for SMALL."""
    source = np.random.default_rng(seed)
    random = lambda *shape: source.normal(0, 0.3, shape).astype(np.float32)  # noqa: E731
    result = {"conv1/convolution/merged_input": random(3, 3, 3, 8) / 100, "conv1_bn/batchnorm_1/sub": random(8)}
    for index, (cin, cout) in enumerate([(8, 8), (8, 16)], 1):
        result |= {
            f"conv_dw_{index}/depthwise_kernel": random(3, 3, cin, 1), f"conv_dw_{index}_bn/batchnorm_1/mul": random(cin),
            f"conv_dw_{index}_bn/batchnorm_1/sub": random(cin), f"conv_pw_{index}/convolution/merged_input": random(1, 1, cin, cout),
            f"conv_pw_{index}_bn/batchnorm_1/sub": random(cout),
        }
    return result


def as_its_author_computes(x: torch.Tensor, weights: dict[str, np.ndarray]) -> torch.Tensor:
    """The graph of faceres.json, operation by operation, up to the means: fed as its author does: colours less their means, TensorFlow's SAME padding."""
    def convolve(x, kernel, stride, groups=1):
        if kernel.shape[-1] == 3:
            x = F.pad(x, (1, 1, 1, 1) if stride == 1 else (0, 1, 0, 1))
        return F.conv2d(x, torch.from_numpy(kernel.copy()), stride=stride, groups=groups)

    def shifted(x, name):
        return F.relu6(x + torch.from_numpy(weights[f"{name}_bn/batchnorm_1/sub"]).view(1, -1, 1, 1))

    x = x.expand(-1, 3, -1, -1) * 255 - torch.tensor(MEANS).view(1, 3, 1, 1)
    # It pads after the means are taken off: at the edges stands the mean colour.
    x = shifted(convolve(x, weights["conv1/convolution/merged_input"].transpose(3, 2, 0, 1), 2), "conv1")
    for index, stride in ((1, 1), (2, 2)):
        depthwise = weights[f"conv_dw_{index}/depthwise_kernel"].transpose(2, 3, 0, 1)
        x = convolve(x, depthwise, stride, groups=len(depthwise))
        x = shifted(x * torch.from_numpy(weights[f"conv_dw_{index}_bn/batchnorm_1/mul"]).view(1, -1, 1, 1), f"conv_dw_{index}")
        x = shifted(convolve(x, weights[f"conv_pw_{index}/convolution/merged_input"].transpose(3, 2, 0, 1), 1), f"conv_pw_{index}")
    return x


class Loading(unittest.TestCase):
    def setUp(self):
        torch.manual_seed(6)
        self.faces = torch.rand(16, 1, 48, 48)
        self.net = FaceNet(**SMALL, side=48).eval()
        load(self.net, arrays(), self.faces)

    def features(self, x):
        for layer in self.net.layers:
            x = F.relu6(layer(x))
        return x

    def test_the_network_computes_what_its_author_s_does(self):
        with torch.no_grad():
            mine, wanted = self.features(self.faces), as_its_author_computes(self.faces, arrays())
        self.assertGreater(wanted.std().item(), 0.05)
        # The last row and column see the padding: black here, the colours' means there.
        inner = (slice(None), slice(None), slice(0, -2), slice(0, -2))
        torch.testing.assert_close(mine[inner], wanted[inner], rtol=1e-4, atol=1e-4)

    def test_normalisation_stands_where_the_faces_are(self):
        with torch.no_grad():
            before = self.features(self.faces)
            for layer in self.net.layers:
                layer.train()
            after = self.features(self.faces)
        torch.testing.assert_close(before, after, rtol=1e-3, atol=1e-3)

    def test_folding_changes_nothing(self):
        self.net.head.reset_parameters()
        with torch.no_grad():
            before = self.net(self.faces)
            for one, other in zip(before, fused(self.net)(self.faces)):
                torch.testing.assert_close(one, other, rtol=1e-4, atol=1e-4)

    def test_a_checkpoint_keeps_the_side(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "best.pt"
            torch.save({"average": halved(self.net.state_dict()), "net": "facenet", **SMALL, "side": 96}, path)
            self.assertEqual(averaged(path).side, 96)

    def test_a_frozen_layer_does_not_learn(self):
        net = FaceNet(**SMALL, side=48, frozen=2).train()
        means = [layer.bn.running_mean.clone() for layer in net.layers]
        sum(part.sum() for part in net(self.faces)).backward()
        self.assertEqual([layer.conv.weight.grad is None for layer in net.layers], [True, True, False, False, False])
        self.assertEqual([torch.equal(mean, layer.bn.running_mean) for mean, layer in zip(means, net.layers)], [True, True, False, False, False])

    def test_clamping_bits_is_relu6_for_every_number(self):
        bits = torch.arange(-(2**15), 2**15, dtype=torch.int32).to(torch.int16)
        x = bits.view(torch.bfloat16)
        x = x[~x.isnan()]
        self.assertTrue(torch.equal(relu6(x.clone()), F.relu6(x)))
        learns = x[x.isfinite()].clone().requires_grad_()
        (relu6(learns * 1) * 1).sum().backward()
        self.assertTrue(torch.equal(learns.grad, ((learns > 0) & (learns < 6)).to(x.dtype)))

    def test_a_side_must_be_halved_evenly(self):
        self.assertRaises(ValueError, FaceNet, **SMALL, side=50)

    def test_a_stride_keeps_the_places_of_the_padding(self):
        layer = PaddedConvBn(2, 2, 3, 2, groups=2).eval()
        x = torch.rand(1, 2, 6, 6)
        with torch.no_grad():
            torch.testing.assert_close(layer.strided(x), F.conv2d(F.pad(x, (0, 1, 0, 1)), layer.conv.weight, stride=2, groups=2))


class Pools(unittest.TestCase):
    def test_sheets_come_back_and_the_least_used_first(self):
        with tempfile.TemporaryDirectory() as folder:
            faces = np.zeros((3, 48, 48), np.uint8)
            pool = Pool([Path(folder)], faces)
            self.assertRaises(SystemExit, pool.next)
            for index in range(3):
                sheet = Sheet(torch.full((2, 1, 48, 48), index, dtype=torch.uint8), torch.tensor([4, index]), torch.full((2, 7), 1 / 7), torch.eye(10)[:2], mark(faces.tobytes()), "b")
                sheet.save(Path(folder) / f"{index:05}.npz")
                if index == 1:
                    self.assertEqual([pool.next().rows[1].item() for _ in range(4)], [1, 0, 1, 0])
            self.assertRaises(SystemExit, Pool([Path(folder)], faces + 1).next)
            # The new one first, until it was used as often as the others.
            sheets = [pool.next() for _ in range(4)]
            self.assertEqual([sheet.rows[1].item() for sheet in sheets], [2, 2, 2, 1])
            self.assertEqual(sheets[0].faces.dtype, torch.uint8)
            self.assertEqual(sheets[0].faces[0, 0, 0, 0].item(), 2)
            torch.testing.assert_close(sheets[0].votes, torch.eye(10)[:2])
            torch.testing.assert_close(sheets[0].classes, torch.full((2, 7), 1 / 7), rtol=1e-3, atol=1e-4)

    def test_folders_are_used_alike_the_last_one_first(self):
        with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as other:
            faces = np.zeros((3, 48, 48), np.uint8)
            for index, folder in enumerate((one, other)):
                Sheet(torch.zeros(1, 1, 48, 48, dtype=torch.uint8), torch.tensor([index]), torch.zeros(1, 7), torch.zeros(1, 10), mark(faces.tobytes()), "b").save(Path(folder) / "00000.npz")
            pool = Pool([Path(one), Path(other)], faces)
            self.assertEqual([pool.next().rows.item() for _ in range(4)], [1, 0, 1, 0])

    def test_a_lesson_belongs_to_its_rows(self):
        answers = torch.eye(10)[:3]
        sheet = Sheet(torch.arange(3, dtype=torch.uint8).view(3, 1, 1, 1).expand(3, 1, 48, 48), torch.tensor([9, 5, 7]), answers[:, :7], answers, "a", "b")
        x, said, rows = sheet.lesson(torch.tensor([2, 0]))
        self.assertEqual(rows.tolist(), [7, 9])
        self.assertEqual(x[:, 0, 0, 0].mul(255).round().tolist(), [2, 0])
        self.assertEqual([part.argmax(1).tolist() for part in said], [[2, 0], [2, 0]])
        # Moved, a picture of one grey stays what it is, and another does not.
        self.assertEqual(sheet.lesson(torch.tensor([2, 0]), 0.35)[0][:, 0, 9, 9].mul(255).round().tolist(), [2, 0])
        torch.manual_seed(9)
        faces = torch.randint(0, 255, (3, 1, 48, 48), dtype=torch.uint8)
        sheet.faces = faces
        moved = sheet.lesson(torch.tensor([1]), 0.35)[0].mul(255).round().to(torch.uint8)
        self.assertFalse(torch.equal(moved, faces[1:2]) or torch.equal(moved, faces[1:2].flip(3)))

    def test_a_sheet_of_unknown_make_is_refused(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "00000.npz"
            np.savez(path, faces=np.zeros((1, 1, 48, 48), np.uint8))
            self.assertRaises(SystemExit, Sheet.load, path)

    def test_a_live_crop_belongs_to_its_face(self):
        faces = np.random.default_rng(1).integers(0, 256, (200, 48, 48), np.uint8)
        fit, kept = data.hold_out(data.Split(faces, np.zeros(200, int), np.zeros((200, 10), np.float32)))
        self.assertTrue(0 < len(kept) < 40)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "live.bin"
            (255 - faces).tofile(path)
            self.assertTrue(np.array_equal(live_faces(path, faces)[:, 0].numpy(), 255 - fit.faces))
            faces[1:].tofile(path)
            self.assertRaises(SystemExit, live_faces, path, faces)

    def test_about_half_are_mirrored(self):
        torch.manual_seed(8)
        x = torch.arange(4.0).repeat(1000, 1, 1, 1)
        turned = mirrored(x)
        share = (turned[:, 0, 0, 0] == 3).float().mean().item()
        self.assertTrue(0.4 < share < 0.6)
        self.assertTrue(torch.equal(turned.sort(3).values, x))


if __name__ == "__main__":
    unittest.main()
