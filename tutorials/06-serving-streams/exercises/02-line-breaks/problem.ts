// Fix: text with line breaks in it breaks the events.

/** One server-sent event that carries `text`. */
export function frame(text: string): string {
  return `data: ${text}\n\n`;
}

/** The text that was in the event, read from its `data`. */
export function textOf(data: string): string {
  return data;
}
