"""python -m unittest discover -s tests -t . (from training/)"""

import io
import unittest
from argparse import Namespace
from contextlib import redirect_stdout

import numpy as np
import torch
from onnx.reference import ReferenceEvaluator
from onnx import TensorProto, helper

import data
import qdq
from folded import Folded, activation_range, choose, fake_quantize, fold, layers, weight_scales
from model import DepthNet
from quantize import finetune, run, session, simulate

WIDTHS, BLOCKS = (8, 16), (2, 1)


def network() -> DepthNet:
    """A small net with batch statistics that are far from the identity."""
    torch.manual_seed(1)
    net = DepthNet(WIDTHS, BLOCKS)
    for module in net.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            module.running_mean.normal_(0, 0.3)
            module.running_var.uniform_(0.3, 2.0)
            torch.nn.init.uniform_(module.weight, 0.5, 1.5)
            torch.nn.init.normal_(module.bias, 0, 0.3)
    return net.eval()


FACES = np.random.default_rng(2).integers(0, 256, (64, 48, 48), dtype=np.uint8)


class Fold(unittest.TestCase):
    def test_layer_equals_convolution_and_normalisation(self):
        net = network()
        x = torch.randn(4, 8, 13, 13)
        layer = net.blocks[0].first
        torch.testing.assert_close(fold(layer)(x), layer(x), atol=2e-5, rtol=1e-5)

    def test_network_equals_the_original(self):
        net = network()
        x = torch.from_numpy(FACES[:8]).float().div(255).unsqueeze(1)
        torch.testing.assert_close(Folded(net)(x), torch.cat(net(x), 1), atol=1e-4, rtol=1e-4)

    def test_every_layer_reads_the_activation_it_names(self):
        net = Folded(network())
        seen = {}

        class Spy:
            def activation(self, name, x):
                return x

            def conv(self, name, source, layer, x):
                seen[name] = (source, layer)
                return layer(x)

            linear = conv

        net(torch.zeros(1, 1, 48, 48), Spy())
        self.assertEqual({n: (s, l) for n, s, l in layers(net)}, seen)


class FakeQuantization(unittest.TestCase):
    def test_equals_the_onnx_operators(self):
        """Halves, values beyond both ends and an odd zero point, against ONNX's reference."""
        scale, zero = 0.5, 3
        x = np.concatenate([np.arange(-12, 12, 0.125), [-1000, 1000, 125.75, 126.0, 126.25]]).astype(np.float32)
        graph = helper.make_graph(
            [helper.make_node("QuantizeLinear", ["x", "s", "z"], ["q"]),
             helper.make_node("DequantizeLinear", ["q", "s", "z"], ["y"])], "g",
            [helper.make_tensor_value_info("x", TensorProto.FLOAT, [len(x)])],
            [helper.make_tensor_value_info("y", TensorProto.FLOAT, [len(x)])],
            [helper.make_tensor("s", TensorProto.FLOAT, [], [scale]), helper.make_tensor("z", TensorProto.UINT8, [], [zero])],
        )
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 21)])
        expected = ReferenceEvaluator(model).run(None, {"x": x})[0]
        np.testing.assert_array_equal(fake_quantize(torch.from_numpy(x), scale, zero, 0, 255).numpy(), expected)

    def test_gradient_passes_inside_and_stops_outside(self):
        x = torch.tensor([-1.0, 0.3, 2.0, 300.0], requires_grad=True)
        fake_quantize(x, 1.0, 0, 0, 255).sum().backward()
        self.assertEqual(x.grad.tolist(), [0.0, 1.0, 1.0, 0.0])

    def test_weight_scales_beat_the_largest_value(self):
        torch.manual_seed(3)
        rows = torch.randn(6, 500)
        rows[2, 0] = 40.0  # one outlier: clipping it must not be chosen blindly either
        plain = rows.abs().amax(1) / 127

        def error(scale):
            return (fake_quantize(rows, scale.view(-1, 1), 0, -127, 127) - rows).square().sum(1)

        self.assertTrue(bool((error(weight_scales(rows)) <= error(plain) + 1e-6).all()))

    def test_range_of_positive_values_has_zero_point_zero(self):
        values = torch.rand(5000) * 6
        scale, zero = activation_range(values, 0.0, 6.0)
        self.assertEqual(zero, 0)
        self.assertAlmostEqual(scale * 255, 6.0, delta=0.2)

    def test_range_of_signed_values_represents_zero(self):
        values = torch.randn(5000) - 1
        scale, zero = activation_range(values, float(values.min()), float(values.max()))
        self.assertTrue(0 < zero < 255)
        self.assertEqual(float(fake_quantize(torch.zeros(1), scale, zero, 0, 255)), 0.0)


class FineTuning(unittest.TestCase):
    def test_learns_with_quantization_in_the_loop(self):
        random = np.random.default_rng(5)
        labels = random.integers(0, 7, 128)
        votes = np.zeros((128, 10), np.float32)
        votes[np.arange(128), np.array(data.DEPTH_INDEX)[labels]] = 1
        # The brightness tells the class, so there is something to learn.
        faces = np.repeat(np.repeat((labels * 30 + 20).astype(np.uint8)[:, None, None], 48, 1), 48, 2)
        split = data.Split(faces, labels, votes)
        net = Folded(network())
        scheme = choose(net, torch.from_numpy(faces).float().div(255).unsqueeze(1))

        def loss(tuned):
            logits = torch.from_numpy(simulate(tuned, scheme, faces))
            return torch.nn.functional.cross_entropy(logits[:, :7], torch.from_numpy(labels)).item()

        before = loss(net)
        args = Namespace(smoothing=0.25, rate=0.01, batch=32, finetune_epochs=4, strength=0.0, erase=0.0, ema=0.5)
        with redirect_stdout(io.StringIO()):
            tuned = finetune(net, scheme, split, split, args)
        self.assertLess(loss(tuned), before - 0.05)


class Export(unittest.TestCase):
    def test_file_computes_what_is_simulated(self):
        net = Folded(network())
        x = torch.from_numpy(FACES).float().div(255).unsqueeze(1)
        scheme = choose(net, x)
        model = qdq.to_onnx(net, scheme)
        expected = simulate(net, scheme, FACES)
        for optimise in (False, True):
            # One step of an activation may fall on the other side of a half: allow a few.
            apart = np.abs(run(session(model, 1, optimise), FACES) - expected)
            self.assertLess(apart.mean(), 0.01 * np.abs(expected).mean())

    def test_weights_are_int8_and_the_input_is_the_pixel(self):
        net = Folded(network())
        model = qdq.to_onnx(net, choose(net, torch.rand(8, 1, 48, 48)))
        kinds = {i.name: i.data_type for i in model.graph.initializer}
        self.assertEqual(kinds["stem.weight"], TensorProto.INT8)
        self.assertEqual(kinds["head.bias"], TensorProto.INT32)
        self.assertEqual([n.op_type for n in model.graph.node[:2]], ["QuantizeLinear", "DequantizeLinear"])


if __name__ == "__main__":
    unittest.main()
