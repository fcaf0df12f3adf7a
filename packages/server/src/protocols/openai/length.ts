// Limits the length of the question, with an error that names the member of the request.
import type { Message } from '@turnstream/core';
import type { InputLimits } from '../../options.ts';
import { lengthProblem } from '../length.ts';
import { OpenAIRefusal } from './refusal.ts';

/** Throws if a user message is blank or too long. */
export function checkLength(message: Message, limits: InputLimits, param: string): void {
  const problem = lengthProblem(message, limits);
  if (problem !== null) throw new OpenAIRefusal('invalid_value', param, problem);
}
