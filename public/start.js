// Starts the page: chooses the activity that the address asks for, and loads its code. A file of its own, because the
// Content-Security-Policy bars inline scripts.

// The table in crates/activities: what there is, the first where nothing else is asked for. xtask writes it here, in a
// release with the SHA-256 of each activity's script and module: the browser refuses other files of these names.
const activities = [/* activities */];

function asked() {
  const byQuery = new URLSearchParams(location.search).get("activity");
  const byFragment = location.hash.slice(1).split(/[=&]/)[0];
  return (
    activities.find(({ id, fragment }) => fragment && id === byFragment) ??
    activities.find(({ id }) => id === byQuery) ??
    activities[0]
  );
}

// An import cannot name a hash. A preload can: where it is refused the import is, and where it is unknown nothing happens.
function preload(url, integrity) {
  if (!integrity) return undefined;
  const link = Object.assign(document.createElement("link"), { rel: "modulepreload", href: url, integrity });
  if (!link.relList.supports("modulepreload")) return undefined;
  const ended = new Promise((done, failed) => {
    link.addEventListener("load", done);
    link.addEventListener("error", () => failed(new Error(`${url} is missing or another file`)));
  });
  document.head.append(link);
  return ended;
}

async function start({ id, script, module: hash }) {
  // Both at once. The address of the module is given, because the glue is made without a default one.
  const module = fetch(new URL(`./${id}_bg.wasm`, import.meta.url), hash ? { integrity: hash } : {});
  // An answer that nobody awaits yet is not an error yet.
  module.catch(() => undefined);
  const url = new URL(`./${id}.js`, import.meta.url).href;
  await preload(url, script);
  const { default: init } = await import(url);
  await init({ module_or_path: module });
}

// A link to a study differs from the open page only behind the #, for which browsers load nothing: it is a page of its own.
const started = asked();
addEventListener("hashchange", () => {
  const { id } = asked();
  if (id !== started.id || activities.some((activity) => activity.fragment && activity.id === id)) location.reload();
});

start(started).catch((error) => {
  const sentence = document.createElement("p");
  sentence.setAttribute("role", "alert");
  sentence.textContent =
    "This page could not start. Reload it; if that does not help, use a recent Chrome, Edge, Firefox or Safari. " +
    `(${error})`;
  document.body.append(sentence);
});
