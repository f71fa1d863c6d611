// Starts the page. A file of its own, because the Content-Security-Policy bars inline scripts.
import init from "./page.js";

// The address is given, because the glue is made without a default one.
init({ module_or_path: new URL("./page_bg.wasm", import.meta.url) }).catch((error) => {
  const sentence = document.createElement("p");
  sentence.setAttribute("role", "alert");
  sentence.textContent =
    "This page could not start. Reload it; if that does not help, use a recent Chrome, Edge, Firefox or Safari. " +
    `(${error})`;
  document.body.append(sentence);
});
