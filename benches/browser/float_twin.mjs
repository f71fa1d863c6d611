// The float original of a quantized ONNX file: the same network with its weights as f32 and no quantized activations.
//
//   node benches/browser/float_twin.mjs models/depth.onnx target/bench/made/depth_f32.onnx
//
// Constants behind a DequantizeLinear become f32 constants; every pair QuantizeLinear, DequantizeLinear between layers goes.

import { readFile, writeFile } from "node:fs/promises";

import protobuf from "protobufjs";

// The part of onnx.proto3 that such files use; numbers as in the standard.
const SCHEMA = `
syntax = "proto3"; package onnx;
message Attribute { string name = 1; float f = 2; int64 i = 3; bytes s = 4; Tensor t = 5; repeated float floats = 7;
  repeated int64 ints = 8; repeated bytes strings = 9; int32 type = 20; }
message Value { string name = 1; Type type = 2; }
message Type { TensorType tensor_type = 1; }
message TensorType { int32 elem_type = 1; Shape shape = 2; }
message Shape { repeated Dim dim = 1; }
message Dim { oneof value { int64 dim_value = 1; string dim_param = 2; } }
message Node { repeated string input = 1; repeated string output = 2; string name = 3; string op_type = 4;
  repeated Attribute attribute = 5; string domain = 7; }
message Tensor { repeated int64 dims = 1; int32 data_type = 2; repeated float float_data = 4; repeated int32 int32_data = 5;
  repeated int64 int64_data = 7; string name = 8; bytes raw_data = 9; }
message Graph { repeated Node node = 1; string name = 2; repeated Tensor initializer = 5; repeated Value input = 11;
  repeated Value output = 12; }
message Opset { string domain = 1; int64 version = 2; }
message Model { int64 ir_version = 1; Graph graph = 7; repeated Opset opset_import = 8; }
`;
const FLOAT = 1;
// Element types of quantized constants and how their raw bytes are read: uint8, int8, int32.
const READERS = { 2: [1, "getUint8"], 3: [1, "getInt8"], 6: [4, "getInt32"], 1: [4, "getFloat32"] };

const [from, to] = process.argv.slice(2);
if (!to) throw new Error("which file, and where to? See the first lines of this program.");
const Model = protobuf.parse(SCHEMA, { keepCase: true }).root.lookupType("onnx.Model");
const model = Model.decode(await readFile(from));
const { graph } = model;
const constants = new Map(graph.initializer.map((tensor) => [tensor.name, tensor]));

function numbers(tensor) {
  for (const list of ["float_data", "int32_data"]) if (tensor[list].length) return Array.from(tensor[list], Number);
  const [size, read] = READERS[tensor.data_type] ?? [];
  if (!size) throw new Error(`${tensor.name} has the element type ${tensor.data_type}, which this program does not know`);
  const view = new DataView(tensor.raw_data.buffer, tensor.raw_data.byteOffset, tensor.raw_data.byteLength);
  return Array.from({ length: view.byteLength / size }, (_, index) => view[read](index * size, true));
}

// ((q - zero) * scale) along the axis, as f32 bytes.
function dequantized(tensor, scales, zeros, axis) {
  const dims = tensor.dims.map(Number);
  const inner = scales.length === 1 ? Infinity : dims.slice(axis + 1).reduce((product, size) => product * size, 1);
  const values = numbers(tensor).map((value, index) => {
    const channel = inner === Infinity ? 0 : Math.floor(index / inner) % scales.length;
    return (value - (zeros[channel] ?? zeros[0] ?? 0)) * scales[channel];
  });
  return new Uint8Array(Float32Array.from(values).buffer);
}

const renamed = new Map();
const nodes = [];
const name_of = (name) => {
  while (renamed.has(name)) name = renamed.get(name);
  return name;
};
for (const node of graph.node) {
  const [source, scale, zero] = node.input;
  if (node.op_type === "QuantizeLinear" && !constants.has(source)) {
    renamed.set(node.output[0], source);
  } else if (node.op_type === "DequantizeLinear" && !constants.has(source)) {
    renamed.set(node.output[0], source);
  } else if (node.op_type === "DequantizeLinear") {
    const axis = Number(node.attribute.find(({ name }) => name === "axis")?.i ?? 1);
    const zeros = constants.has(zero) ? numbers(constants.get(zero)) : [];
    const tensor = constants.get(source);
    const raw_data = dequantized(tensor, numbers(constants.get(scale)), zeros, axis);
    constants.set(node.output[0], { name: node.output[0], dims: tensor.dims, data_type: FLOAT, raw_data });
  } else {
    nodes.push(node);
  }
}
for (const node of nodes) node.input = node.input.map(name_of);
const outputs = new Set(graph.output.map(({ name }) => name));
for (const [name, source] of renamed) {
  if (outputs.has(name)) nodes.push({ op_type: "Identity", name: `${name}_end`, input: [name_of(source)], output: [name] });
}
graph.node = nodes;
const used = new Set(nodes.flatMap(({ input }) => input));
graph.initializer = [...constants.values()].filter(({ name }) => used.has(name));
await writeFile(to, Model.encode(Model.fromObject(Model.toObject(model, { defaults: false }))).finish());
console.log(`${to}: ${nodes.length} operators, all in f32`);
