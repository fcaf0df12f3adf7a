// The weather, which the demo model cannot know: it calls a tool that looks like it can, and reads out what came back.

import { isObject, type JsonObject, type SentCall } from '../request/body.ts';
import type { SentTool } from '../request/offered-tools.ts';

/** What a tool found for a city. */
export interface CityWeather {
  readonly city: string;
  readonly result: string;
}

const aboutWeather =
  /\b(?:weather|forecast|temperatures?|umbrella|rain(?:ing|y)?|snow(?:ing|y)?|sunny|how (?:hot|warm|cold))\b/i;

export function asksForWeather(question: string): boolean {
  return aboutWeather.test(question);
}

const cityName = String.raw`\p{Lu}[\p{L}'’-]*(?:(?: (?:de|del|do|la|los|of))? \p{Lu}[\p{L}'’-]*)*`;
const namedCity = new RegExp(
  String.raw`(?:\b(?:in|for|at|of|about|and|or|with|than)\b|,) +(?:in )?(${cityName})`,
  'gu',
);
/** Capitals that begin no city. */
const otherNames = /^(?:Celsius|Fahrenheit|I|What|How|Is|Which|Answer|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)\b/;

/** The cities a question names, in order, each once. */
export function citiesIn(question: string): string[] {
  const names = [...question.matchAll(namedCity)].flatMap(([, name]) => (name === undefined ? [] : [name]));
  return [...new Set(names.map((name) => name.replace(/['’]s$/, '')).filter((name) => !otherNames.test(name)))];
}

/** How a tool is asked for a city; null when no tool looks like one for the weather. */
export function weatherTool(tools: readonly SentTool[]): { name: string; argumentsFor(city: string): string } | null {
  for (const { name, parameters } of tools) {
    const properties = isObject(parameters['properties']) ? parameters['properties'] : {};
    const place = ['city', 'location', 'place', 'town'].find((key) => Object.hasOwn(properties, key));
    if (place === undefined || !/weather|forecast|temperature/i.test(name)) continue;
    return { name, argumentsFor: (city) => JSON.stringify({ ...otherArguments(parameters, place), [place]: city }) };
  }
  return null;
}

/** What else is required and has a choice of values: the first of them. */
function otherArguments({ properties, required }: JsonObject, place: string): JsonObject {
  const schemas = isObject(properties) ? properties : {};
  const names = Array.isArray(required) ? required.filter((name) => typeof name === 'string' && name !== place) : [];
  const choices = names.map((name: string): [string, unknown] => {
    const schema = schemas[name];
    return [name, isObject(schema) && Array.isArray(schema['enum']) ? schema['enum'][0] : null];
  });
  return Object.fromEntries(choices);
}

/** The city a call asked for, as its arguments say. */
export function cityOf(call: SentCall): string {
  try {
    const parsed: unknown = JSON.parse(call.arguments);
    const values = isObject(parsed) ? ['city', 'location', 'place', 'town'].map((key) => parsed[key]) : [];
    return values.find((value) => typeof value === 'string') ?? 'that city';
  } catch {
    return 'that city';
  }
}

/** What the tool found, in words. */
export function tellWeather(found: readonly CityWeather[]): string {
  const sentences = found.map(({ city, result }, index) => {
    const said = readable(result).replace(/\.$/, '');
    if (/^error\b/i.test(said)) return `I could not find out the weather in ${city}; the tool said: ${said}.`;
    if (/^(?:no|unknown)\b/i.test(said)) return `${said}.`;
    return index === 0 ? `The weather in ${city}: ${said}.` : `In ${city}: ${said}.`;
  });
  return sentences.join(' ');
}

/** A result that is an object is read out field by field. */
function readable(result: string): string {
  try {
    const parsed: unknown = JSON.parse(result);
    if (isObject(parsed)) {
      return Object.entries(parsed)
        .map(([name, value]) => `${name} ${typeof value === 'string' ? value : JSON.stringify(value)}`)
        .join(', ');
    }
    return typeof parsed === 'string' ? parsed : result;
  } catch {
    return result;
  }
}
