// One ONNX file in onnxruntime-web: wasm, one thread, all graph optimisations. `model`: its URL.

import * as ort from "../../npm/onnxruntime-web/dist/ort.wasm.min.mjs";

export const input = null;
let session;
let feeds;

export async function load({ model }) {
  ort.env.wasm.numThreads = 1;
  ort.env.wasm.wasmPaths = new URL("../../npm/onnxruntime-web/dist/", import.meta.url).href;
  session = await ort.InferenceSession.create(`../${model}`, { executionProviders: ["wasm"], graphOptimizationLevel: "all" });
  const [{ name, shape }] = session.inputMetadata;
  const dims = shape.map((size) => (typeof size === "number" ? size : 1));
  const length = dims.reduce((product, size) => product * size, 1);
  const pixels = Float32Array.from({ length }, (_, index) => ((index * 7919) % 256) / 255);
  feeds = { [name]: new ort.Tensor("float32", pixels, dims) };
}

// The results are read, as whoever runs a network would.
export async function run() {
  const outputs = await session.run(feeds);
  const values = session.outputNames.map((name) => Array.from(outputs[name].data.subarray(0, 25)));
  return { faces: 0, outputs: values };
}
