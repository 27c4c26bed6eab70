// What the page keeps: all counts, the last two minutes, the newest handshakes.

import { causeOf, codesOf, statusOf } from "./record.js";

export const KEPT = 200;
export const KEPT_SECONDS = 120;

const NOTHING = { accepted: 0, rejected: 0, by_reason: {} };

export class Recent {
  counts = NOTHING;
  records = []; // the newest first, each with its number
  last = 0; // how many handshakes there have been, shown or left out
  started = null; // when the server was
  #seconds = new Map();
  #ahead = 0; // how far the server's clock is ahead of this one

  // Take what has come since the last time; true if it is from a server that is new.
  add(fresh, { counts, last, now, seconds, started }) {
    const isNew = started !== this.started;
    if (isNew) {
      this.records = [];
      this.#seconds.clear();
    }
    this.started = started;
    this.#ahead = now - Date.now() / 1000;
    this.counts = counts;
    this.last = last;
    for (const second of seconds) this.#seconds.set(second.t, second);
    this.#forgetBefore(Math.floor(now) - KEPT_SECONDS);
    this.#keep(fresh);
    return isNew;
  }

  // The last two minutes, a row per second, the oldest first.
  window() {
    const last = Math.floor(Date.now() / 1000 + this.#ahead);
    return Array.from({ length: KEPT_SECONDS }, (_, index) => (
      this.#seconds.get(last - KEPT_SECONDS + 1 + index) ?? NOTHING
    ));
  }

  #keep(fresh) {
    const newest = this.records[0]?.number ?? 0;
    const unknown = fresh.filter(({ number }) => number > newest).reverse();
    this.records = [...unknown, ...this.records].slice(0, KEPT);
  }

  #forgetBefore(second) {
    for (const t of this.#seconds.keys()) {
      if (t < second) this.#seconds.delete(t);
    }
  }
}

// Clients try again: what comes several times in a row is one group, the newest first.
export function grouped(records) {
  const groups = [];
  for (const record of records) {
    const key = keyOf(record);
    const last = groups.at(-1);
    if (last?.key === key) {
      last.times += 1;
      last.oldest = record.number;
    } else {
      groups.push({ key, record, times: 1, oldest: record.number });
    }
  }
  return groups;
}

function keyOf(record) {
  const parts = [statusOf(record), ...codesOf(record), causeOf(record), record["url.path"], record["client.address"]];
  return parts.join("\n");
}
