// Colours where the terminal has them: not in a pipe, not with NO_COLOR.
import { styleText } from 'node:util';

export type Format = Parameters<typeof styleText>[0];
export type Paint = (format: Format, text: string) => string;

export function paintFor(stream: NodeJS.WriteStream): Paint {
  return (format, text) => styleText(format, text, { stream });
}

export const unpainted: Paint = (_, text) => text;
