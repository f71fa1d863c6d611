// Runs the kernels' WebAssembly twin under Node: compares the hashes of its results with the host's, and,
// if a plan file is given, times it, else whole frames.
//
//   node benches/kernel-twin/run.mjs kernel_twin.wasm [models/depth.plan]

import { readFile } from "node:fs/promises";

const [wasmPath, planPath] = process.argv.slice(2);
const module = await WebAssembly.compile(await readFile(wasmPath));
// The library's web part leaves imports behind that nothing here calls.
const imports = {};
for (const { module: from, name } of WebAssembly.Module.imports(module)) {
  (imports[from] ??= {})[name] = () => {
    throw new Error(`${from}.${name} was called`);
  };
}
const twin = (await WebAssembly.instantiate(module, imports)).exports;
if (!twin.has_simd()) throw new Error("this build has no SIMD kernels: is target-feature=+simd128 set?");

const golden = await readFile(new URL("../../tests/golden/kernel_hashes.txt", import.meta.url), "utf8");
let wrong = 0;
for (const line of golden.trim().split("\n")) {
  const [seed, hash] = line.split(" ");
  for (const fast of [0, 1]) {
    const got = BigInt.asUintN(64, twin.case_hash(Number(seed), fast)).toString(16).padStart(16, "0");
    if (got !== hash) {
      wrong += 1;
      console.error(`case ${seed} (${fast ? "simd128" : "scalar"}): ${got}, the host has ${hash}`);
    }
  }
}
const frames = await readFile(new URL("../../tests/golden/frame_hashes.txt", import.meta.url), "utf8");
for (const line of frames.trim().split("\n")) {
  const [index, hash] = line.split(" ");
  const got = BigInt.asUintN(64, twin.frame_hash(Number(index))).toString(16).padStart(16, "0");
  if (got !== hash) {
    wrong += 1;
    console.error(`frame ${index}: ${got}, the host has ${hash}`);
  }
}
console.log(`${golden.trim().split("\n").length} cases and ${frames.trim().split("\n").length} whole frames, ${wrong} differ from the host`);
if (wrong) process.exit(1);

// Processor time, not the clock's: other work on the machine counts less.
const timed = (work) => {
  const before = process.cpuUsage();
  const result = work();
  const { user, system } = process.cpuUsage(before);
  return [(user + system) / 1000, result];
};
const quartiles = (values) => {
  const sorted = values.slice().sort((a, b) => a - b);
  return [0.25, 0.5, 0.75].map((share) => sorted[Math.round(share * (sorted.length - 1))]);
};
const show = (values) => quartiles(values).map((value) => value.toFixed(3)).join(" / ");

if (planPath) {
  const file = await readFile(planPath);
  let at;
  const load = (fast) => {
    at = twin.reserve(file.length);
    new Uint8Array(twin.memory.buffer, at, file.length).set(file);
    if (!twin.load(fast)) throw new Error("the plan file was refused");
  };

  load(0);
  const [scalarMs, scalarHash] = timed(() => twin.run(10));
  console.log(`scalar:  ${(scalarMs / 10).toFixed(3)} CPU ms a face (mean of 10)`);

  load(1);
  const steps = Array.from({ length: twin.steps() }, (_, step) => ({
    name: new TextDecoder().decode(new Uint8Array(twin.memory.buffer, at, twin.step_name(step))),
    macs: twin.step_macs(step),
    rates: [],
  }));
  const macs = steps.reduce((sum, step) => sum + step.macs, 0);
  twin.run(150);
  twin.ceiling(1_000_000);
  // Alternated, so that both see the same machine.
  const faces = [];
  const ceilings = [];
  for (let round = 0; round < 41; round += 1) {
    const [ms, hash] = timed(() => twin.run(10));
    if (hash !== scalarHash) throw new Error("simd128 and scalar disagree");
    faces.push(ms / 10);
    for (const [index, step] of steps.entries()) {
      // About a millisecond each.
      const times = Math.ceil(20e6 / Math.max(step.macs, 1e6));
      step.rates.push((step.macs * times) / (timed(() => twin.run_step(index, times))[0] * 1e6));
    }
    ceilings.push((64 * 500_000) / (timed(() => twin.ceiling(500_000))[0] * 1e6));
  }
  const [, ms] = quartiles(faces);
  const rate = macs / (ms * 1e6);
  const share = ((100 * rate) / quartiles(ceilings)[1]).toFixed(0);
  console.log(`simd128: ${show(faces)} CPU ms a face (quartiles of 41 rounds of 10)`);
  console.log(`ceiling: ${show(ceilings)} GMAC/s, registers only (quartiles)`);
  console.log(`${(macs / 1e6).toFixed(2)} MMAC a face: ${rate.toFixed(1)} GMAC/s, ${share} % of the ceiling`);
  for (const step of steps.filter(({ macs }) => macs > 0)) {
    const share = (100 * quartiles(step.rates)[1]) / quartiles(ceilings)[1];
    console.log(`${step.name}: ${(step.macs / 1e6).toFixed(2)} MMAC, ${share.toFixed(0)} % of the ceiling`);
  }
  console.log(`hash of the logits: ${BigInt.asUintN(64, scalarHash).toString(16).padStart(16, "0")}`);
} else {
  for (const [search, name] of [[1, "searched in every frame"], [0, "followed between detections"]]) {
    const FRAMES = 24;
    const rounds = Array.from({ length: 21 }, () => {
      const [ms, faces] = timed(() => twin.analyse(FRAMES, search));
      if (faces !== FRAMES) throw new Error(`${faces} faces in ${FRAMES} frames with one each`);
      return ms / FRAMES;
    });
    console.log(`${name}: ${show(rounds)} CPU ms a frame, pixels to depths (quartiles of 21 rounds of ${FRAMES})`);
  }
}
