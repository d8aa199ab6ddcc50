// Elements without markup: whatever a name holds, it stays text.

const svgNamespace = "http://www.w3.org/2000/svg";

/**
 * @typedef {Node | string | number | null | undefined | false} Child
 * @typedef {{[name: string]: string | number | boolean | null | undefined | ((event: Event) => void)}} Attributes
 */

/**
 * An element: `h("button.primary", {type: "button", onclick}, "Sync now")`.
 *
 * @param {string} tag a name, with classes after dots
 * @param {Attributes} [attributes] `on…` are listeners; null, undefined and false leave one out
 * @param {...Child} children
 */
export function h(tag, attributes = {}, ...children) {
  const [name = "", ...classes] = tag.split(".");
  const element = document.createElement(name);
  element.classList.add(...classes);
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(key.slice(2), value);
    else if (value === true) element.setAttribute(key, "");
    else if (value !== null && value !== undefined && value !== false)
      element.setAttribute(key, printable(String(value)));
  }
  fill(element, ...children);
  return element;
}

/**
 * Replaces what is in an element.
 *
 * @param {Element} element
 * @param {...Child} children
 */
export function fill(element, ...children) {
  const shown = children.filter((child) => child !== null && child !== undefined && child !== false);
  element.replaceChildren(...shown.map((child) => (child instanceof Node ? child : printable(String(child)))));
}

/**
 * Without what turns the direction of the text after it, or isn't seen at all: a name must not look like another one.
 *
 * @param {string} text
 */
function printable(text) {
  return text.replaceAll(/(?![\n\t])[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, "\ufffd");
}

/**
 * @param {string} tag
 * @param {Record<string, string>} attributes
 * @param {...Node} children
 */
export function svg(tag, attributes, ...children) {
  const element = document.createElementNS(svgNamespace, tag);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

/**
 * @param {string} name
 * @param {string} [tag]
 */
export const head = (name, tag = "th") => h(tag, { scope: "col" }, name);

/**
 * @param {string} tag
 * @param {Element[]} heads
 * @param {Element[]} lines
 */
export const table = (tag, heads, lines) => h(tag, {}, h("thead", {}, h("tr", {}, ...heads)), h("tbody", {}, ...lines));

/**
 * The element with this id, of a kind that is known.
 *
 * @template {Element} T
 * @param {string} id
 * @param {new () => T} kind
 * @returns {T}
 */
export function byId(id, kind) {
  const element = document.getElementById(id);
  if (!(element instanceof kind)) throw new Error(`The page has no ${id}`);
  return element;
}

/**
 * @template T
 * @typedef {{element: Element, update: (item: T) => void}} Kept
 */

/** @type {WeakMap<Element, Map<string, Kept<any>>>} */
const lists = new WeakMap();

/**
 * Shows a list of items: an element is made once for each, and changed from then on, so that focus, selection and
 * animations outlive a change.
 *
 * @template {{id: string | number}} T
 * @param {Element} parent
 * @param {T[]} items
 * @param {(item: T) => Kept<T>} make
 */
export function showList(parent, items, make) {
  const known = lists.get(parent) ?? new Map();
  const kept = new Map(items.map((item) => [String(item.id), known.get(String(item.id)) ?? make(item)]));
  lists.set(parent, kept);
  for (const [id, { element }] of known) if (!kept.has(id)) element.remove();
  items.forEach((item, at) => {
    const one = kept.get(String(item.id));
    one?.update(item);
    if (one && parent.children[at] !== one.element) parent.insertBefore(one.element, parent.children[at] ?? null);
  });
}
