// What the demo model can fill a form with: facts by the names under which a schema may ask for them.
import { capitals } from './capitals.ts';
import { type Topic, topicsIn } from './topics.ts';
import type { CityWeather } from './weather.ts';

/** Values by name, the names in lower case and letters only. */
export type Facts = ReadonlyMap<string, string | number | boolean>;

export function factsOfTopic({ name, year, oneLine }: Topic): Facts {
  return factsBy({
    'name language title topic subject': name,
    'year released releaseyear firstreleased firstappeared since': year,
    'description summary definition sentence text': oneLine,
  });
}

export function factsOfWeather({ city, result }: CityWeather): Facts {
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

function factsBy(values: Readonly<Record<string, string | number | boolean>>): Facts {
  return new Map(
    Object.entries(values).flatMap(([names, value]) => names.split(' ').map((name) => [name, value] as const)),
  );
}
