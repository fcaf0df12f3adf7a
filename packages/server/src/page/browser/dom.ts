// Elements made in one call. All content is set as text, never as markup.

/** What an element may hold. False and null are left out. */
export type Child = Node | string | number | null | false;
/** Attributes and listeners of an element. */
export type Attributes = Readonly<
  Record<string, string | number | boolean | null | undefined | ((event: never) => void)>
>;

/** `onClick` and the like are listeners, `true` is an attribute without a value, `false` and null leave the attribute out. */
export function h<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Attributes = {},
  ...children: readonly (Child | readonly Child[])[]
): HTMLElementTagNameMap[Name] {
  return filled(document.createElement(name), attributes, children);
}

/** The same for SVG. */
export function svg<Name extends keyof SVGElementTagNameMap>(
  name: Name,
  attributes: Attributes = {},
  ...children: readonly (Child | readonly Child[])[]
): SVGElementTagNameMap[Name] {
  return filled(document.createElementNS('http://www.w3.org/2000/svg', name), attributes, children);
}

function filled<T extends Element>(
  element: T,
  attributes: Attributes,
  children: readonly (Child | readonly Child[])[],
): T {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') element.addEventListener(name.slice(2).toLowerCase(), value as EventListener);
    else setAttribute(element, name, value);
  }
  const present = children.flat().filter((child) => child !== null && child !== false);
  element.append(...present.map((child) => (child instanceof Node ? child : String(child))));
  return element;
}

/** Sets, or removes, an attribute. */
export function setAttribute(
  element: Element,
  name: string,
  value: string | number | boolean | null | undefined,
): void {
  if (value === false || value === null || value === undefined) element.removeAttribute(name);
  else element.setAttribute(name, value === true ? '' : String(value));
}

/** Setting the same text again would cost a layout. */
export function setText(element: HTMLElement, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

/** Milliseconds as people read them. */
export function time(ms: number | null): string {
  if (ms === null) return '–';
  return ms < 1_000 ? `${Math.round(ms)} ms` : `${(ms / 1_000).toFixed(1)} s`;
}

/** A number with its noun. */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${number.toLocaleString('en')} ${number === 1 ? one : many}`;
}

/** What to tell the reader of an error. */
export function errorWords(error: unknown): string {
  return error instanceof Error ? error.message : 'That failed.';
}
