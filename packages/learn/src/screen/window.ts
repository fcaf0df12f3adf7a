// The terminal window: its size, and whether it supports colours and links.
import { styleText } from 'node:util';

export interface Window {
  readonly columns: number;
  readonly rows: number;
  readonly paint: Paint;
  /** Whether paths are links; without colours they are plain text. */
  readonly links: boolean;
}

export type Paint = (format: Parameters<typeof styleText>[0], text: string) => string;

/** Colours where the terminal has them: not in a pipe, not with NO_COLOR. */
export function paintFor(stream: NodeJS.WriteStream): Paint {
  return (format, text) => styleText(format, text, { stream });
}
