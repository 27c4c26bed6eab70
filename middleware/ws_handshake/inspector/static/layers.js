// What is drawn on top of what: the layers of the chart, by outcome or by reason.

const SLOTS = 6;

export function byOutcome(seconds) {
  return [
    layer("accepted", "accepted", seconds.map((second) => second.accepted)),
    layer("rejected", "rejected", seconds.map((second) => second.rejected)),
  ];
}

// The most frequent reasons each keep their colour for as long as they are among them.
export function reasonLayers() {
  let slots = Array(SLOTS).fill(null);
  return (seconds) => {
    slots = kept(slots, mostFrequent(seconds));
    const layers = slots.map((code, index) => (
      layer(String(index + 1), code, seconds.map((second) => second.by_reason[code] ?? 0))
    ));
    return [...layers, rest(seconds, slots)];
  };
}

// Each layer stands on those before it.
export function stacked(layers) {
  let below = layers[0].values.map(() => 0);
  return layers.map(({ values }) => {
    below = values.map((value, index) => value + below[index]);
    return below;
  });
}

function layer(series, name, values) {
  return { series, name, values, total: sum(values) };
}

function rest(seconds, slots) {
  return layer("rest", "others", seconds.map(({ by_reason: counts }) => (
    sum(Object.entries(counts).map(([code, count]) => (slots.includes(code) ? 0 : count)))
  )));
}

function mostFrequent(seconds) {
  const totals = new Map();
  for (const { by_reason: counts } of seconds) {
    for (const [code, count] of Object.entries(counts)) {
      totals.set(code, (totals.get(code) ?? 0) + count);
    }
  }
  const sorted = [...totals].sort((one, other) => other[1] - one[1]);
  return sorted.slice(0, SLOTS).map(([code]) => code);
}

function kept(slots, wanted) {
  const fresh = wanted.filter((code) => !slots.includes(code));
  return slots.map((code) => (wanted.includes(code) ? code : fresh.shift() ?? null));
}

function sum(values) {
  return values.reduce((total, value) => total + value, 0);
}
