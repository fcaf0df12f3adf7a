// JSON encodes a line break as two characters, so text cannot end its line.

/** One server-sent event that carries `text`. */
export function frame(text: string): string {
  return `data: ${JSON.stringify({ text })}\n\n`;
}

/** The text that was in the event, read from its `data`. */
export function textOf(data: string): string {
  return (JSON.parse(data) as { text: string }).text;
}
