// The weather, which the demo model cannot know: it says so, or reports what a tool found.
import { type CalledTool, readable, tellResult } from './results.ts';
import { wordsIn } from './words.ts';

/** What a tool found for a city. */
export interface CityWeather {
  readonly city: string;
  readonly result: string;
}

/** Null for a call without a city; "that city" when its arguments cannot be parsed. */
export function weatherIn({ arguments: given, result }: CalledTool): CityWeather | null {
  if (given === null) return { city: 'that city', result };
  const city = ['city', 'location', 'place', 'town']
    .map((key) => given[key])
    .find((value) => typeof value === 'string');
  return city === undefined ? null : { city, result };
}

/** The tool results in words; for a weather question, the weather first. */
export function tellFound(called: readonly CalledTool[], isAboutWeather: boolean): string {
  const weather: CityWeather[] = [];
  const others: CalledTool[] = [];
  for (const each of called) {
    const found = isAboutWeather && isForWeather(each, called) ? weatherIn(each) : null;
    if (found === null) others.push(each);
    else weather.push(found);
  }
  return [...(weather.length > 0 ? [tellWeather(weather)] : []), ...others.map(tellResult)].join(' ');
}

/** Matched by name; also a tool of another name if it was the only one called. */
function isForWeather({ name }: CalledTool, called: readonly CalledTool[]): boolean {
  return wordsIn(name).has('weather') || called.every((other) => other.name === name);
}

function tellWeather(found: readonly CityWeather[]): string {
  const sentences = found.map(({ city, result }, index) => {
    const said = readable(result).replace(/\.$/, '');
    if (/^error\b/i.test(said)) return `I could not find out the weather in ${city}; the tool said: ${said}.`;
    if (/^(?:no|unknown)\b/i.test(said)) return `${said}.`;
    return index === 0 ? `The weather in ${city}: ${said}.` : `In ${city}: ${said}.`;
  });
  return sentences.join(' ');
}
