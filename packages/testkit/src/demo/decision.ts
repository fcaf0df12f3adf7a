// What the demo model does with a request: it calls a tool, fills in a form, declines, or says something.

import type { SentConversation, SentMessage } from '../request/body.ts';
import type { SentTool, SentToolChoice } from '../request/offered-tools.ts';
import type { SentOutput } from '../request/sent-output.ts';
import { answerTo } from './answers.ts';
import { type Facts, factsIn, factsOfWeather } from './facts.ts';
import { fillForm } from './form.ts';
import { asksForWeather, type CityWeather, citiesIn, cityOf, tellWeather, weatherTool } from './weather.ts';

export interface DemoRequest extends SentConversation {
  readonly tools: readonly SentTool[];
  readonly toolChoice: SentToolChoice | null;
  readonly output: SentOutput | null;
}

/** One part of an answer, before it is cut into fragments. */
export type DemoPart =
  | { readonly type: 'text' | 'refusal'; readonly text: string }
  | { readonly type: 'function_call'; readonly name: string; readonly text: string };

export function decide(request: DemoRequest): readonly DemoPart[] {
  const { messages, output, instructions } = request;
  const asked = messages.findLastIndex((message) => message.role === 'user');
  const sent = asked < 0 ? messages : messages.slice(0, asked + 1);
  const question = sent.at(-1)?.text ?? '';
  const weather = isAboutWeather(question, sent.slice(0, -1))
    ? weatherAnswer(request, question, messages.slice(asked + 1))
    : null;
  if (weather !== null) return weather;
  if (output !== null) return filledIn(output, latestFacts(sent));
  return [says(answerTo({ instructions, messages: sent }))];
}

/** "And in Lima?" is about the weather when the question before it was. */
function isAboutWeather(question: string, earlier: readonly SentMessage[]): boolean {
  if (asksForWeather(question)) return true;
  const before = earlier.findLast((message) => message.role === 'user');
  return /^(?:and|what about|how about)\b/i.test(question) && before !== undefined && asksForWeather(before.text);
}

/** Null when it rains in a story. */
function weatherAnswer(
  request: DemoRequest,
  question: string,
  since: readonly SentMessage[],
): readonly DemoPart[] | null {
  const { tools, toolChoice, output, instructions } = request;
  const found = resultsIn(since);
  if (found.length > 0) {
    const spoke = since.some((message) => message.role === 'assistant' && message.text !== '');
    return output === null
      ? [says(`${spoke ? '\n' : ''}${tellWeather(found)}`)]
      : filledIn(output, found.map(factsOfWeather));
  }
  const cities = citiesIn(question);
  if (cities.length === 0) {
    return /weather|forecast/i.test(question) ? [says('For which city? Weather is always somewhere.')] : null;
  }
  const tool = weatherTool(tools);
  const isAllowed =
    typeof toolChoice === 'object' ? (toolChoice?.name ?? tool?.name) === tool?.name : toolChoice !== 'none';
  if (tool !== null && isAllowed) {
    const calls = cities.map(
      (city): DemoPart => ({ type: 'function_call', name: tool.name, text: tool.argumentsFor(city) }),
    );
    const speaksFirst = /\bbefore you (?:call|use) a tool\b/i.test(`${instructions ?? ''}\n${question}`);
    return speaksFirst ? [says(`Let me look up ${cities.join(' and ')}.`), ...calls] : calls;
  }
  const why = tool === null ? 'I was offered none' : 'I was told not to use the one I was offered';
  return [says(`I cannot know the weather in ${cities.join(' or ')}: that takes a tool, and ${why}.`)];
}

/** What was called since the question, with what came back. */
function resultsIn(messages: readonly SentMessage[]): CityWeather[] {
  const results = messages.filter((message) => message.role === 'tool');
  const calls = messages.flatMap((message) => message.calls ?? []);
  return results.map(({ callId, text }) => {
    const call = calls.find((each) => each.callId === callId);
    return { city: call === undefined ? 'that city' : cityOf(call), result: text };
  });
}

function filledIn({ name, schema }: SentOutput, subjects: readonly Facts[]): readonly DemoPart[] {
  const form = fillForm(schema, subjects);
  if (form !== undefined) return [says(JSON.stringify(form))];
  const text = `This is a scripted demo model, and it has not got the facts that the form "${name}" asks for.`;
  return [{ type: 'refusal', text }];
}

/** What the user spoke of last, as far as it is known. */
function latestFacts(messages: readonly SentMessage[]): readonly Facts[] {
  const said = messages.filter((message) => message.role === 'user').map((message) => factsIn(message.text));
  return said.findLast((facts) => facts.length > 0) ?? [];
}

function says(text: string): DemoPart {
  return { type: 'text', text };
}
