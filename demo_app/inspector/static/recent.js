// What the page keeps: all counts, the last two minutes, the newest events.

export const KEPT_EVENTS = 200;
export const KEPT_SECONDS = 120;

const NOTHING = { accepted: 0, rejected: 0, by_reason: {}, dropped_pages: 0 };

export class Recent {
  counts = NOTHING;
  events = []; // the newest first
  seen = 0; // how many events there have been, shown or left out
  #seconds = new Map();
  #ahead = 0; // how far the server's clock is ahead of this one

  restart({ counts, seconds, recent, now }) {
    this.#seconds.clear();
    this.events = [];
    this.seen = 0;
    this.add({ counts, seconds, now, events: recent, omitted: 0 });
  }

  add({ counts, seconds, now, events, omitted }) {
    this.counts = counts;
    this.#ahead = now - Date.now() / 1000;
    this.seen += events.length + omitted;
    for (const second of seconds) this.#seconds.set(second.t, second);
    this.#forgetBefore(Math.floor(now) - KEPT_SECONDS);
    const all = [...this.events, ...events].sort((one, other) => other.id - one.id);
    this.events = all.slice(0, KEPT_EVENTS);
  }

  // The last two minutes, a row per second, the oldest first.
  window() {
    const last = Math.floor(Date.now() / 1000 + this.#ahead);
    return Array.from({ length: KEPT_SECONDS }, (_, index) => (
      this.#seconds.get(last - KEPT_SECONDS + 1 + index) ?? NOTHING
    ));
  }

  #forgetBefore(second) {
    for (const t of this.#seconds.keys()) {
      if (t < second) this.#seconds.delete(t);
    }
  }
}
