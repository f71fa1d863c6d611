// This project's own plan of one network in benches/kernel-twin: no glue, no worker, the network alone. `plan`: its URL.

export const input = null;
let twin;
let text_at;

export async function load({ plan }) {
  const [module, bytes] = await Promise.all([
    WebAssembly.compileStreaming(fetch("../made/kernel_twin.wasm")),
    fetch(`../${plan}`).then((answer) => answer.arrayBuffer()),
  ]);
  // The library's web part leaves imports behind that nothing here calls.
  const imports = {};
  for (const { module: from, name } of WebAssembly.Module.imports(module)) {
    (imports[from] ??= {})[name] = () => {
      throw new Error(`${from}.${name} was called`);
    };
  }
  twin = (await WebAssembly.instantiate(module, imports)).exports;
  if (!twin.has_simd()) throw new Error("this build has no SIMD kernels");
  text_at = twin.reserve(bytes.byteLength);
  new Uint8Array(twin.memory.buffer, text_at, bytes.byteLength).set(new Uint8Array(bytes));
  if (!twin.load(1)) throw new Error("the plan was refused");
}

export function run() {
  twin.run(1);
  return { faces: 0 };
}

export function batch(count) {
  twin.run(count);
}

// Each step's name and its multiply-accumulates.
export function steps() {
  return Array.from({ length: twin.steps() }, (_, step) => ({
    name: new TextDecoder().decode(new Uint8Array(twin.memory.buffer, text_at, twin.step_name(step))),
    macs: twin.step_macs(step),
  }));
}

// The clock is coarse: a measured stretch lasts at least so long.
const LEAST_MS = 5;
const counts = new Map();

// Calls `work(count)` for long enough and gives the calls in a millisecond. `key` keeps the count for the next time.
function speed(key, work) {
  for (let count = counts.get(key) ?? 1; ; count *= 2) {
    counts.set(key, count);
    const start = performance.now();
    work(count);
    const ms = performance.now() - start;
    if (ms >= LEAST_MS) return count / ms;
  }
}

// Billions of multiply-accumulates a second: the tile's instructions with every operand in a register.
export function ceiling() {
  return (64 * speed("ceiling", (count) => twin.ceiling(count * 1000)) * 1000) / 1e6;
}

// The same of each step, 0 for those that multiply nothing.
export function step_rates() {
  return steps().map(({ macs }, step) => macs && (macs * speed(step, (count) => twin.run_step(step, count))) / 1e6);
}

// The same of the whole network.
export function network_rate(macs) {
  return (macs * speed("network", (count) => twin.run(count))) / 1e6;
}
