// What @vladmandic/human and @vladmandic/face-api say of a set of faces, each with its own detector, as it comes.
//
//   npm install && node peers.mjs human|face-api PICTURES TABLE.csv OUT.csv
//
// OUT.csv has a row for each picture of the table: file, and seven scores from angry to neutral, empty where no face was found. Pictures of 48 x 48
// pixels are enlarged five times in a grey frame of 640 x 480, as `evaluate --pictures` does.

import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import jpeg from "jpeg-js";
import { PNG } from "pngjs";

const require = createRequire(import.meta.url);
const [peer, pictures, table, out] = process.argv.slice(2);
const EMOTIONS = ["angry", "disgust", "fear", "happy", "sad", "surprise", "neutral"];
const folder = (name) => join(dirname(fileURLToPath(import.meta.url)), "node_modules", name);
const wasm = join(folder("@tensorflow/tfjs-backend-wasm"), "dist/");

/** RGB of a file: {width, height, data}. */
function decoded(path) {
  const bytes = readFileSync(path);
  const { width, height, data } = path.endsWith(".png") ? PNG.sync.read(bytes) : jpeg.decode(bytes, { useTArray: true });
  const rgb = new Uint8Array(width * height * 3);
  for (let at = 0; at < width * height; at++) rgb.set(data.subarray(at * 4, at * 4 + 3), at * 3);
  return width === 48 && height === 48 ? pasted(rgb) : { width, height, data: rgb };
}

/** A crop enlarged five times (bilinear) in the middle of a grey frame. */
function pasted(crop) {
  const [width, height, scale, side] = [640, 480, 5, 48];
  const grey = Math.floor(crop.reduce((sum, value) => sum + value, 0) / crop.length);
  const data = new Uint8Array(width * height * 3).fill(grey);
  const [left, top] = [(width - side * scale) / 2, (height - side * scale) / 2];
  const place = (at) => {
    const centre = Math.min(Math.max((at + 0.5) / scale - 0.5, 0), side - 1);
    const low = Math.min(Math.floor(centre), side - 2);
    return [low, centre - low];
  };
  for (let y = 0; y < side * scale; y++) {
    for (let x = 0; x < side * scale; x++) {
      const [[column, right], [row, down]] = [place(x), place(y)];
      const value = (r, c) => crop[(r * side + c) * 3];
      const upper = value(row, column) * (1 - right) + value(row, column + 1) * right;
      const lower = value(row + 1, column) * (1 - right) + value(row + 1, column + 1) * right;
      data.fill(Math.round(upper * (1 - down) + lower * down), ((top + y) * width + left + x) * 3, ((top + y) * width + left + x) * 3 + 3);
    }
  }
  return { width, height, data };
}

// Node fetches no files; the peers ask for theirs so.
const remote = globalThis.fetch;
globalThis.fetch = async (url, options) =>
  String(url).startsWith("file:") ? new Response(readFileSync(fileURLToPath(String(url)))) : remote(url, options);

/** A function from an RGB tensor to the scores of its largest face, or undefined. */
async function loaded() {
  if (peer === "human") {
    const { Human } = require(join(folder("@vladmandic/human"), "dist/human.node-wasm.js"));
    const [off, always] = [{ enabled: false }, { enabled: true, skipFrames: 0, skipTime: 0 }];
    const human = new Human({
      backend: "wasm", wasmPath: wasm, modelBasePath: `file://${join(folder("@vladmandic/human"), "models/")}`, debug: false, warmup: "none", cacheSensitivity: 0,
      filter: off, gesture: off, body: off, hand: off, object: off, segmentation: off,
      face: {
        enabled: true, detector: { ...always, rotation: false, maxDetected: 1 }, emotion: { ...always, minConfidence: 0 },
        mesh: off, attention: off, iris: off, description: off, antispoof: off, liveness: off,
      },
    });
    await human.load();
    return [human.tf, async (tensor) => {
      const { face } = await human.detect(tensor);
      return face[0] && Object.fromEntries((face[0].emotion ?? []).map(({ emotion, score }) => [emotion, score]));
    }];
  }
  const faceapi = require("@vladmandic/face-api/dist/face-api.node-wasm.js");
  require("@tensorflow/tfjs-backend-wasm").setWasmPaths(wasm);
  await faceapi.tf.setBackend("wasm");
  await faceapi.tf.ready();
  const models = join(folder("@vladmandic/face-api"), "model");
  await faceapi.nets.tinyFaceDetector.loadFromDisk(models);
  await faceapi.nets.faceExpressionNet.loadFromDisk(models);
  const options = new faceapi.TinyFaceDetectorOptions({ inputSize: 416 });
  return [faceapi.tf, async (tensor) => {
    const face = await faceapi.detectSingleFace(tensor, options).withFaceExpressions();
    return face && { ...face.expressions };
  }];
}

// What the peers call what.
const NAMES = { disgusted: "disgust", fearful: "fear", surprised: "surprise" };
const files = readFileSync(table, "utf8").trim().split("\n").slice(1).map((line) => line.split(",")[0]);
const [tf, read] = await loaded();
const rows = [`file,${EMOTIONS.join(",")}`];
let found = 0;
for (const file of files) {
  const { width, height, data } = decoded(join(pictures, file));
  const tensor = tf.tensor3d(data, [height, width, 3], "int32");
  const scores = await read(tensor);
  tensor.dispose();
  const named = Object.fromEntries(Object.entries(scores ?? {}).map(([name, score]) => [NAMES[name] ?? name, score]));
  found += scores ? 1 : 0;
  rows.push([file, ...EMOTIONS.map((name) => (scores ? (named[name] ?? 0) : ""))].join(","));
}
writeFileSync(out, rows.join("\n") + "\n");
console.log(`${peer}: a face found in ${found} of ${files.length}`);
