{
  // The ways to another worker, which would have all of them again, to another tab, and to the files that the service worker
  // gives out: no policy governs them.
  const remove = (holder, name) =>
    Object.defineProperty(holder, name, { value: undefined, writable: false, configurable: false });
  for (const name of ["Worker", "SharedWorker", "BroadcastChannel", "WebTransport", "WebSocketStream", "caches"]) {
    remove(self, name);
  }
  remove(navigator, "serviceWorker");
  const fail = (error) => setTimeout(() => {
    const message = self.enginePanic || (error && error.message) || String(error);
    throw Object.assign(new Error(message), { told: true });
  });
  self.addEventListener("error", (event) => {
    if (event.error && event.error.told) return;
    event.preventDefault();
    fail(event.error || event.message);
  });
  self.addEventListener("unhandledrejection", (event) => {
    event.preventDefault();
    fail(event.reason);
  });
  let engine = null;
  self.addEventListener("message", (event) => {
    if (engine === null) engine = wasm_bindgen({ module_or_path: event.data });
    else engine.then(() => wasm_bindgen.receive(event.data)).catch(fail);
  });
}
