// The terminal window: its size, and whether it supports colors and links.
import { styleText } from 'node:util';

/** In characters. */
export interface Size {
  readonly columns: number;
  readonly rows: number;
}

export interface Window extends Size {
  readonly paint: Paint;
  /** Whether paths are links; without colors they are plain text. */
  readonly links: boolean;
}

export type Paint = (format: Parameters<typeof styleText>[0], text: string) => string;

/** The size of the terminal. Some start out as 0 by 0, which means unknown. */
export function sizeOf({ columns, rows }: Size): Size {
  return { columns: columns || 80, rows: rows || 24 };
}

/** Colors where the terminal has them: not in a pipe, not with NO_COLOR. */
export function paintFor(stream: NodeJS.WriteStream): Paint {
  return (format, text) => styleText(format, text, { stream });
}
