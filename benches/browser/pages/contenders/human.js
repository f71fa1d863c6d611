// @vladmandic/human: its BlazeFace and its emotion model, wasm backend; everything else off, nothing skipped or cached.

import { Human } from "../../npm/@vladmandic/human/dist/human.esm.js";

export const input = "canvas";
let human;

export async function load() {
  const off = { enabled: false };
  const always = { enabled: true, skipFrames: 0, skipTime: 0 };
  human = new Human({
    backend: "wasm",
    wasmPath: new URL("../../npm/@tensorflow/tfjs-backend-wasm/dist/", import.meta.url).href,
    modelBasePath: new URL("../../npm/@vladmandic/human/models/", import.meta.url).href,
    debug: false,
    warmup: "none",
    cacheSensitivity: 0,
    // It would keep its models in the browser's database, and a second start would not be cold.
    cacheModels: false,
    filter: off,
    gesture: off,
    body: off,
    hand: off,
    object: off,
    segmentation: off,
    face: {
      enabled: true,
      detector: { ...always, rotation: false, maxDetected: 1 },
      emotion: { ...always, minConfidence: 0 },
      mesh: off,
      attention: off,
      iris: off,
      description: off,
      antispoof: off,
      liveness: off,
    },
  });
  await human.load();
  if (human.tf.getBackend() !== "wasm") throw new Error(`the backend is ${human.tf.getBackend()}`);
}

export async function run(frame) {
  const { face, error } = await human.detect(frame);
  if (error) throw new Error(error);
  const emotions = Object.fromEntries((face[0]?.emotion ?? []).map(({ emotion, score }) => [emotion, score]));
  return { faces: face.length, emotions };
}
