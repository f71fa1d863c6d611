// MediaPipe's FaceLandmarker with blendshapes (it knows no emotions), CPU delegate. `mode`: IMAGE detects on every frame,
// VIDEO follows the face.

import { FaceLandmarker, FilesetResolver } from "../../npm/@mediapipe/tasks-vision/vision_bundle.mjs";

export const input = "canvas";
let landmarker;
let follows;

export async function load({ mode }) {
  follows = mode === "VIDEO";
  const files = await FilesetResolver.forVisionTasks(new URL("../../npm/@mediapipe/tasks-vision/wasm", import.meta.url).href);
  landmarker = await FaceLandmarker.createFromOptions(files, {
    baseOptions: { modelAssetPath: "../made/face_landmarker.task", delegate: "CPU" },
    runningMode: mode,
    numFaces: 1,
    outputFaceBlendshapes: true,
  });
}

export function run(frame, number) {
  const result = follows ? landmarker.detectForVideo(frame, number * 33) : landmarker.detect(frame);
  const shapes = result.faceBlendshapes[0]?.categories ?? [];
  return {
    faces: result.faceLandmarks.length,
    blendshapes: Object.fromEntries(shapes.map(({ categoryName, score }) => [categoryName, score])),
  };
}
