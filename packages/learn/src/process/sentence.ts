// Turns any error into one sentence for the learner: the error and the line of their file.
import { basename } from 'node:path';
import { pathToFileURL } from 'node:url';
import { inspect, stripVTControlCharacters } from 'node:util';
import { Unmet } from '../check/expectations.ts';

export function sentenceOf(error: unknown, file: string): string {
  if (error instanceof Unmet) return error.message;
  if (!(error instanceof Error)) return `your code threw ${firstLine(inspect(error))}, which is not an Error`;
  const message = firstLine(error.message);
  const at = placeIn(error, file);
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (code === 'ERR_MODULE_NOT_FOUND') return `an import cannot be resolved: ${message}`;
  if (code === 'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX') return `${message}${at}: write it without, types are only stripped`;
  if (error instanceof SyntaxError && message.includes('does not provide an export'))
    return `an import fails${at}: ${message}`;
  if (error instanceof SyntaxError && isFromLoading(error)) return `the file is not valid TypeScript${at}: ${message}`;
  // A TODO that the author left for the learner.
  if (message.startsWith('TODO')) return `TODO${at}: ${message.replace(/^TODO:? */, '')}`;
  return `your code failed with ${error.name}${code === '' ? '' : ` ${code}`}${at}: ${message}`;
}

/** A SyntaxError from `JSON.parse` happens while running, not while loading. */
function isFromLoading({ stack = '' }: Error): boolean {
  return stack.includes('node:internal/modules/') && !stack.includes('at JSON.parse');
}

/** " (problem.ts, line 12)", or nothing when the stack does not lead to the file. */
function placeIn({ stack = '' }: Error, file: string): string {
  const names = [pathToFileURL(file).href, file];
  const lines = names.flatMap((name) => {
    const start = stack.indexOf(`${name}:`);
    return start === -1 ? [] : [Number.parseInt(stack.slice(start + name.length + 1))];
  });
  return lines[0] === undefined || Number.isNaN(lines[0]) ? '' : ` (${basename(file)}, line ${lines[0]})`;
}

function firstLine(text: string): string {
  return stripVTControlCharacters(text).split('\n')[0] ?? '';
}
