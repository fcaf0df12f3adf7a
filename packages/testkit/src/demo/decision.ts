// What the demo model does with a request: it calls tools, reports results, fills in a form, declines, or answers.
// The rules are explained in docs/understand/demo-model.md.

import type { SentConversation, SentMessage } from '../request/body.ts';
import type { SentTool, SentToolChoice } from '../request/offered-tools.ts';
import type { SentOutput } from '../request/sent-output.ts';
import { answerTo, honestAnswer } from './answers.ts';
import { type Facts, factsIn, factsOfResult } from './facts.ts';
import { fillForm } from './form.ts';
import { type Question, readQuestion } from './question.ts';
import { type CalledTool, resultsIn } from './results.ts';
import { type ToolCall, toolsFor, useTools } from './tools.ts';
import { tellFound } from './weather.ts';

export interface DemoRequest extends SentConversation {
  readonly tools: readonly SentTool[];
  readonly toolChoice: SentToolChoice | null;
  readonly output: SentOutput | null;
}

/** One part of an answer, before it is split into fragments. */
export type DemoPart =
  | { readonly type: 'text' | 'refusal'; readonly text: string }
  | { readonly type: 'function_call'; readonly name: string; readonly text: string };

export function decide(request: DemoRequest): readonly DemoPart[] {
  const { messages, output, instructions, tools, toolChoice } = request;
  const asked = messages.findLastIndex((message) => message.role === 'user');
  const sent = asked < 0 ? messages : messages.slice(0, asked + 1);
  const since = messages.slice(asked + 1);
  const { question, about } = questionsIn(sent, tools);
  const mustCall = typeof toolChoice === 'object' ? toolChoice !== null : toolChoice === 'required';
  const found = resultsIn(since);
  if (found.length > 0 && !mustCall) return fromResults(request, about, found, since);
  const use = useTools(tools, toolChoice, question, about);
  if (use !== null && 'calls' in use) return calling(request, question, use.calls);
  if (use !== null && mustCall) return [says(use.problem)];
  if (output !== null) return filledIn(output, latestFacts(sent));
  if (use === null && about.words.has('weather') && question.strings.length > 0)
    return [says(noWeather(request, question))];
  const own = answerTo({ instructions, messages: sent });
  if (own !== null) return [says(own)];
  if (use !== null) return [says(use.problem)];
  return [says(about.words.has('weather') ? noWeather(request, question) : honestAnswer(request, sent))];
}

/**
 * "And in Lima?" continues the previous question, which fills in what this one leaves out. It also decides which tool
 * is meant, unless this question has a word of a tool itself.
 */
function questionsIn(
  sent: readonly SentMessage[],
  tools: readonly SentTool[],
): { question: Question; about: Question } {
  const [latest = '', ...earlier] = sent
    .filter(({ role }) => role === 'user')
    .map(({ text }) => text)
    .toReversed();
  const before = goesOn(latest) ? earlier.find((text) => !goesOn(text)) : undefined;
  const previous = before === undefined ? null : readQuestion(before);
  const question = readQuestion(latest, previous);
  const isClear = previous === null || toolsFor(tools, question).length > 0;
  return { question, about: isClear ? question : previous };
}

function goesOn(text: string): boolean {
  return /^\s*(?:and|or|what about|how about|same|once more|again)\b|\b(?:once more|again)[\s.!?]*$/i.test(text);
}

function calling({ instructions }: DemoRequest, { text }: Question, calls: readonly ToolCall[]): readonly DemoPart[] {
  const parts = calls.map(
    ({ name, arguments: given }): DemoPart => ({ type: 'function_call', name, text: JSON.stringify(given) }),
  );
  if (!/\bbefore you (?:call|use) a tool\b/i.test(`${instructions ?? ''}\n${text}`)) return parts;
  const things = calls.flatMap(({ arguments: given }) =>
    Object.values(given).filter((value) => typeof value === 'string'),
  );
  return [says(things.length > 0 ? `Let me look up ${things.join(' and ')}.` : 'Let me look that up.'), ...parts];
}

function fromResults(
  { output }: DemoRequest,
  about: Question,
  found: readonly CalledTool[],
  since: readonly SentMessage[],
): readonly DemoPart[] {
  if (output !== null) return filledIn(output, found.map(factsOfResult));
  const spoke = since.some((message) => message.role === 'assistant' && message.text !== '');
  return [says(`${spoke ? '\n' : ''}${tellFound(found, about.words.has('weather'))}`)];
}

/** Why no tool can look up the weather. */
function noWeather({ tools, toolChoice }: DemoRequest, { strings }: Question): string {
  const places = strings.map(({ value }) => value).join(' or ');
  const names = tools.map(({ name }) => name).join(', ');
  const why =
    tools.length === 0
      ? 'I was offered none'
      : toolChoice === 'none'
        ? `tool_choice forbids me to call those I was offered (${names})`
        : `neither name nor description of what I was offered (${names}) speaks of the weather`;
  return `I cannot know the weather${places === '' ? '' : ` in ${places}`}: that takes a tool, and ${why}.`;
}

function filledIn({ name, schema }: SentOutput, subjects: readonly Facts[]): readonly DemoPart[] {
  const form = fillForm(schema, subjects);
  if (form !== undefined) return [says(JSON.stringify(form))];
  const text = `This is a scripted demo model, and it has not got the facts that the form "${name}" asks for.`;
  return [{ type: 'refusal', text }];
}

/** The last topic of the user, if the model knows it. */
function latestFacts(messages: readonly SentMessage[]): readonly Facts[] {
  const said = messages.filter((message) => message.role === 'user').map((message) => factsIn(message.text));
  return said.findLast((facts) => facts.length > 0) ?? [];
}

function says(text: string): DemoPart {
  return { type: 'text', text };
}
