// The counters since the start of the server.

import { find, say } from "/static/elements.js";

const accepted = find("#count-accepted");
const rejected = find("#count-rejected");
const dropped = find("#count-dropped");

export function showCounts(counts) {
  say(accepted, counts.accepted.toLocaleString("en"));
  say(rejected, counts.rejected.toLocaleString("en"));
  say(dropped, counts.dropped_pages.toLocaleString("en"));
}
