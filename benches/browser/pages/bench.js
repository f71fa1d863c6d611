// One contender's page: `index.html?contender=NAME&...`. The driver calls `window.bench`; nothing runs by itself.
//
// A contender is a module in contenders/ with
//   input                  what it takes: "canvas", "i420" (see frames.js), or null if it makes its own input
//   load(options)          everything up to being ready; `options` are the page's query parameters
//   run(frame, number)     one frame or one run of a network; may be async; returns what it found
//   batch(count)           optional: `count` runs without a promise between them

import { prepare } from "./frames.js";

const options = Object.fromEntries(new URLSearchParams(location.search));
const contender = await import(`./contenders/${options.contender}.js`);
const frames = await prepare(contender.input);

let number = 0;

const next = () => {
  const frame = frames[number % frames.length];
  number += 1;
  return contender.run(frame, number);
};

window.bench = {
  // The contender's own module, for what only one of them has.
  contender,

  // From nothing to the first result, in milliseconds; the frames are ready before.
  async first() {
    const start = performance.now();
    await contender.load(options);
    const loaded = performance.now();
    const result = await next();
    return { load_ms: loaded - start, first_ms: performance.now() - start, result };
  },

  // `count` frames, one after the other.
  async round(count) {
    const found = [];
    const start = performance.now();
    if (contender.batch) {
      contender.batch(count);
      number += count;
    } else {
      for (let done = 0; done < count; done += 1) found.push(await next());
    }
    const ms = performance.now() - start;
    const stages = {};
    for (const { stages: times = {} } of found) {
      for (const [name, value] of Object.entries(times)) stages[name] = (stages[name] ?? 0) + value / count;
    }
    return { ms: ms / count, faces: found.filter(({ faces }) => faces > 0).length, stages };
  },

  // The same with a new task for each frame, as a page does that lets the person act in between: the driver watches.
  async apart(count) {
    for (let done = 0; done < count; done += 1) {
      await new Promise((run) => setTimeout(run));
      await next();
    }
  },
};
