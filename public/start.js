// Starts the page: chooses the activity that the address asks for, and loads its code. A file of its own, because the
// Content-Security-Policy bars inline scripts.

// The table in crates/activities: what there is, the first where nothing else is asked for. xtask writes it here.
const activities = [/* activities */];

function asked() {
  const byQuery = new URLSearchParams(location.search).get("activity");
  const byFragment = location.hash.slice(1).split(/[=&]/)[0];
  const found =
    activities.find(({ id, fragment }) => fragment && id === byFragment) ??
    activities.find(({ id }) => id === byQuery) ??
    activities[0];
  return found.id;
}

async function start(id) {
  // Both at once. The address of the module is given, because the glue is made without a default one.
  const module = fetch(new URL(`./${id}_bg.wasm`, import.meta.url));
  // An answer that nobody awaits yet is not an error yet.
  module.catch(() => undefined);
  const { default: init } = await import(`./${id}.js`);
  await init({ module_or_path: module });
}

// A link to a study differs from the open page only behind the #, for which browsers load nothing: it is a page of its own.
const started = asked();
addEventListener("hashchange", () => {
  const id = asked();
  if (id !== started || activities.some((activity) => activity.fragment && activity.id === id)) location.reload();
});

start(started).catch((error) => {
  const sentence = document.createElement("p");
  sentence.setAttribute("role", "alert");
  sentence.textContent =
    "This page could not start. Reload it; if that does not help, use a recent Chrome, Edge, Firefox or Safari. " +
    `(${error})`;
  document.body.append(sentence);
});
