// Refuses frames, on this page and in whatever a script could make of it.
//
// A frame has a window of its own, and in it all is there again that the seal removes from this one (src/web/seal.rs):
// peer connections above all, which no Content-Security-Policy governs. Watching for frames and taking them out is too
// late, because a connection begins while the script that made it still runs. So no element that holds a window can be
// made here: not by name, not out of markup, not out of another document. This page never makes one itself.
//
// It is loaded before all other code, so that nobody holds an older function; the seal tries whether it works.

const NAMES = ["iframe", "frame", "frameset", "object", "embed", "fencedframe", "portal"];
const IN_MARKUP = new RegExp(`<(?:[^\\s<>/:]*:)?(?:${NAMES.join("|")})(?:[\\s/>]|$)`, "i");
const { apply, defineProperty, getOwnPropertyDescriptor } = Reflect;
const test = RegExp.prototype.exec;

function refuse() {
  throw new DOMException("This page has no frames and opens no windows.", "SecurityError");
}

function checkName(name) {
  const text = `${name}`;
  const local = text.slice(text.lastIndexOf(":") + 1).toLowerCase();
  if (NAMES.includes(local)) refuse();
  return text;
}

function checkMarkup(markup) {
  // An object may give another text each time that it is asked: from here on it is this one.
  const text = markup === null ? "" : `${markup}`;
  if (apply(test, IN_MARKUP, [text]) !== null) refuse();
  return text;
}

// The argument at `place` is checked, and what was checked is handed on.
function guardMethod(prototype, method, place, check) {
  const original = prototype?.[method];
  if (typeof original !== "function") return;
  const value = function (...words) {
    if (words.length > place) words[place] = check(words[place]);
    return apply(original, this, words);
  };
  defineProperty(prototype, method, { value, writable: false, configurable: false });
}

function guardMarkup(prototype, property) {
  const { get, set } = (prototype && getOwnPropertyDescriptor(prototype, property)) ?? {};
  if (!set) return;
  const guarded = function (markup) {
    apply(set, this, [checkMarkup(markup)]);
  };
  defineProperty(prototype, property, { get, set: guarded, configurable: false });
}

// What this page never uses, and what makes elements in a way that cannot be looked into.
function remove(holder, name) {
  if (holder && name in holder) {
    defineProperty(holder, name, { value: undefined, writable: false, configurable: false });
  }
}

guardMethod(Document.prototype, "createElement", 0, checkName);
guardMethod(Document.prototype, "createElementNS", 1, checkName);
guardMethod(DOMImplementation.prototype, "createDocument", 1, (name) => (name === null ? null : checkName(name)));
guardMethod(Element.prototype, "insertAdjacentHTML", 1, checkMarkup);
guardMethod(Range.prototype, "createContextualFragment", 0, checkMarkup);
for (const property of ["innerHTML", "outerHTML"]) {
  guardMarkup(Element.prototype, property);
  guardMarkup(globalThis.ShadowRoot?.prototype, property);
}
for (const method of ["write", "writeln", "open", "execCommand"]) remove(Document.prototype, method);
for (const method of ["setHTMLUnsafe", "setHTML", "attachShadow"]) remove(Element.prototype, method);
for (const method of ["setHTMLUnsafe", "setHTML"]) remove(globalThis.ShadowRoot?.prototype, method);
for (const method of ["parseHTMLUnsafe", "parseHTML"]) remove(Document, method);
// A class of elements that is built on a frame's, and a parser of whole documents.
remove(globalThis.CustomElementRegistry?.prototype, "define");
for (const name of ["DOMParser", "XSLTProcessor"]) remove(globalThis, name);
