// Finding and making elements. What comes from the wire only ever becomes text.

export function find(selector, within = document) {
  return within.querySelector(selector);
}

export function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [attribute, value] of Object.entries(attributes)) {
    if (value !== null) element.setAttribute(attribute, value);
  }
  element.append(...children.filter((child) => child !== null));
  return element;
}

// A text that is the same is not set again, so that nothing is laid out again.
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
