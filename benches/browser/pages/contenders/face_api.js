// @vladmandic/face-api: tiny detector and expressions, wasm backend. `size`: the detector's input (its default is 416).

import * as faceapi from "../../npm/@vladmandic/face-api/dist/face-api.esm.js";

export const input = "canvas";
let detector;

export async function load({ size }) {
  faceapi.tf.setWasmPaths(new URL("../../npm/@tensorflow/tfjs-backend-wasm/dist/", import.meta.url).href);
  if (!(await faceapi.tf.setBackend("wasm"))) throw new Error("the wasm backend was refused");
  await faceapi.tf.ready();
  const models = new URL("../../npm/@vladmandic/face-api/model", import.meta.url).href;
  await Promise.all([
    faceapi.nets.tinyFaceDetector.loadFromUri(models),
    faceapi.nets.faceExpressionNet.loadFromUri(models),
  ]);
  detector = new faceapi.TinyFaceDetectorOptions({ inputSize: Number(size) });
}

export async function run(frame) {
  const face = await faceapi.detectSingleFace(frame, detector).withFaceExpressions();
  return { faces: face ? 1 : 0, emotions: face && { ...face.expressions } };
}
