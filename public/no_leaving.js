// Cancels what would load another page and was not asked for by a person: a script that puts data into an address and
// goes there. A click on a link, a reload, moving within the page and saving a file from memory stay. Where a browser has
// no Navigation API nothing is cancelled; docs/privacy.md says so.

globalThis.navigation?.addEventListener("navigate", (event) => {
  const stays = event.destination.sameDocument || event.navigationType === "reload";
  const { protocol } = new URL(event.destination.url);
  const saves = event.downloadRequest !== null && protocol === "blob:";
  if (!event.userInitiated && event.cancelable && !stays && !saves) event.preventDefault();
});
