// This project: the built site's own worker, spoken to by the page's protocol (src/protocol.rs).
//
// Each frame costs what it costs the page: a VideoFrame is made, transferred, copied, analysed, and the reply parsed.
// `detect=every`: the worker forgets the face before each frame, so that the detector searches every one.

import { HEIGHT, WIDTH } from "../frames.js";

export const input = "i420";

const SITE = "../site/";
const waiting = new Map();
let worker;
let last_id = 0;
let detect_every = false;

export async function load({ detect }) {
  detect_every = detect === "every";
  const response = async (file) => {
    const answer = await fetch(SITE + file);
    if (!answer.ok) throw new Error(`the server does not give ${file}: status ${answer.status}`);
    return answer;
  };
  const assets = await (await response("assets.json")).json();
  const [start, glue, module, ...files] = await Promise.all([
    fetch("../worker_start.js").then((answer) => answer.text()),
    response("engine.js").then((answer) => answer.text()),
    WebAssembly.compileStreaming(response("engine_bg.wasm")),
    ...assets
      .filter(({ file }) => file.startsWith("models/"))
      .map(async ({ file }) => [file.slice("models/".length), await (await response(file)).arrayBuffer()]),
  ]);
  const bytes = Object.fromEntries(files);
  const manifest = JSON.parse(new TextDecoder().decode(bytes["manifest.json"]));
  // The engine loads a plan where there is one.
  const of_part = (part) => bytes[manifest[part].plan?.file ?? manifest[part].file];
  const payload = { manifest: bytes["manifest.json"], detector: of_part("detector"), classifier: of_part("classifier") };

  worker = new Worker(URL.createObjectURL(new Blob([glue, "\n", start], { type: "text/javascript" })));
  worker.addEventListener("message", ({ data }) => {
    const reply = JSON.parse(data.body);
    const { resolve, reject } = waiting.get(reply.id);
    waiting.delete(reply.id);
    if (reply.kind === "failed") reject(new Error(JSON.stringify(reply.fault)));
    else resolve(reply);
  });
  worker.addEventListener("error", ({ message }) => {
    for (const { reject } of waiting.values()) reject(new Error(message));
  });
  worker.postMessage(module);
  await ask({ kind: "load" }, payload, Object.values(payload));
}

export async function run(frame, number) {
  if (detect_every) ask({ kind: "forget" });
  const picture = new VideoFrame(frame, {
    format: "I420",
    codedWidth: WIDTH,
    codedHeight: HEIGHT,
    timestamp: number * 33_333,
    colorSpace: { matrix: "smpte170m", primaries: "bt709", transfer: "bt709", fullRange: false },
  });
  const { reading } = await ask({ kind: "analyse", time_ms: (number * 1000) / 30 }, picture, [picture]);
  return { faces: reading.faces.length, emotions: reading.faces[0]?.raw, stages: reading.stages };
}

function ask(request, payload, transfer = []) {
  last_id += 1;
  const id = last_id;
  const reply = new Promise((resolve, reject) => waiting.set(id, { resolve, reject }));
  worker.postMessage({ body: JSON.stringify({ ...request, id }), payload }, transfer);
  return reply;
}
