// Gives the page out of the browser's own store, so that it opens without a network. A service worker, all of it.
//
// The page keeps the files, before it seals itself (src/web/offline.rs); this gives them out, each held against its
// SHA-256. It fetches nothing but files of this list, under their plain names: what else stands in an address goes
// nowhere. It hears no message, and it does nothing but answer. A release has a worker and a folder of its own, so that
// two releases are never mixed: the browser goes from one to the next in one step, when the page says so.

// xtask writes both here: the release, and path below the page -> SHA-256.
const release = "/* release */";
const files = new Map([/* files */]);

const here = registration.scope;

// The pages of an earlier release have all that they need, or ask for it by names that are not in this list.
addEventListener("install", () => skipWaiting());

addEventListener("fetch", (event) => {
  const file = asked(event.request);
  if (file !== undefined) event.respondWith(answer(file));
});

// Which file of the list; undefined: this worker has nothing to do with it.
function asked({ method, mode, cache, url }) {
  // What is asked for past every store goes past this one, too: so the next release is loaded.
  if (method !== "GET" || cache === "reload" || !url.startsWith(here)) return undefined;
  const path = url.slice(here.length);
  if (mode !== "navigate") return files.has(path) ? path : undefined;
  return ["", "index.html"].includes(path.split(/[?#]/)[0]) ? "index.html" : undefined;
}

async function answer(file) {
  const address = here + (file === "index.html" ? "" : file);
  const kept = await caches.match(address, { cacheName: `emotion-depth-${release}` });
  const right = kept && (await checked(kept, file));
  if (right) return right;
  const fresh = await fetch(address);
  // An index.html of another release is whole: all that it names lies in a folder of its own.
  if (file === "index.html") return new Response(fresh.body, fresh);
  return (await checked(fresh, file)) ?? Response.error();
}

// The response, if its bytes are those of the list.
async function checked(response, file) {
  const bytes = await response.arrayBuffer();
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  const sha256 = Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
  if (sha256 !== files.get(file)) return undefined;
  return new Response(bytes, { headers: { "Content-Type": response.headers.get("Content-Type") ?? "" } });
}
