// Percent-encodes line breaks and the percent sign.

/** One server-sent event that carries `text`. */
export function frame(text: string): string {
  return `data: ${encodeURIComponent(text)}\n\n`;
}

/** The text that was in the event, read from its `data`. */
export function textOf(data: string): string {
  return decodeURIComponent(data);
}
