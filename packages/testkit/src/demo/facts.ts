// What the demo model can fill a form with: facts, keyed by the names a schema may use for them.

import { isObject } from '../request/body.ts';
import { capitals } from './capitals.ts';
import { type CalledTool, parsedJson } from './results.ts';
import { type Topic, topicsIn } from './topics.ts';
import { type CityWeather, weatherIn } from './weather.ts';
import { partsOf } from './words.ts';

type Fact = string | number | boolean;

/** Values by name; names are lower case, letters only. */
export type Facts = ReadonlyMap<string, Fact>;

function factsOfTopic({ name, year, oneLine }: Topic): Facts {
  return factsBy({
    'name language title topic subject': name,
    'year released releaseyear firstreleased firstappeared since': year,
    'description summary definition sentence text': oneLine,
  });
}

/** The arguments of a call, its result, and what the words of a weather report say. */
export function factsOfResult(called: CalledTool): Facts {
  const { name, arguments: given, result } = called;
  const weather = weatherIn(called);
  const parsed = parsedJson(result);
  const whole = isFact(parsed) ? parsed : result;
  return new Map([
    ...(weather === null ? [] : factsOfWeather(weather)),
    ...factsBy({ 'result answer value': whole, [partsOf(name).map(keyOf).join(' ')]: whole }),
    ...plainFacts(given),
    ...plainFacts(parsed),
  ]);
}

function plainFacts(fields: unknown): [string, Fact][] {
  if (!isObject(fields)) return [];
  return Object.entries(fields).flatMap(([name, value]): [string, Fact][] =>
    isFact(value) ? [[keyOf(name), value]] : [],
  );
}

function isFact(value: unknown): value is Fact {
  return ['string', 'number', 'boolean'].includes(typeof value);
}

/** Normalizes a name for lookup. */
export function keyOf(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z]/g, '');
}

function factsOfWeather({ city, result }: CityWeather): Facts {
  const degrees = /-?\d+(?:\.\d+)?(?= ?°?C\b)/.exec(result)?.[0];
  return factsBy({
    'city location place town name': city,
    'conditions weather summary description forecast report': result,
    'umbrella needsumbrella raining rain': /rain|drizzle|shower|snow|thunder/i.test(result),
    ...(degrees === undefined
      ? {}
      : { 'celsius temperature temperaturec temperaturecelsius degrees': Number(degrees) }),
  });
}

/** Everything the question is about, in the order in which it is named. */
export function factsIn(question: string): Facts[] {
  const countries = [...capitals].filter(([country]) => question.includes(country));
  return [
    ...topicsIn(question).map(factsOfTopic),
    ...countries.map(([country, capital]) => factsBy({ 'country name': country, 'capital capitalcity city': capital })),
  ];
}

function factsBy(values: Readonly<Record<string, Fact>>): Facts {
  return new Map(
    Object.entries(values).flatMap(([names, value]) => names.split(' ').map((name) => [name, value] as const)),
  );
}
