// Elements, and links to the pages of codes.

import { make } from "/_handshakes/static/dom.js";

export { find, make, setText } from "/_handshakes/static/dom.js";

export function reasonLink(code) {
  return linkTo(`/reasons/${encodeURIComponent(code)}`, code);
}

export function causeLink(code) {
  return linkTo(`/causes/${encodeURIComponent(code)}`, code);
}

function linkTo(address, code) {
  return make("a", { href: address }, make("code", {}, code));
}
