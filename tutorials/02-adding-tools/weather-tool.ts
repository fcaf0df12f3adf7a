// The chapter's tool: the weather of a few cities, hard-coded so that it needs no service.
import { type Tool, tool } from '@turnstream/core';
import * as z from 'zod';

const WEATHER: ReadonlyMap<string, string> = new Map([
  ['paris', 'Sunny, 18°C, light breeze'],
  ['london', 'Overcast, 12°C, light drizzle'],
  ['tokyo', 'Rain, 15°C'],
  ['canberra', 'Partly cloudy, 21°C'],
]);

/** The weather of a city, ignoring case, or a sentence that there is no data. */
export function weatherIn(city: string): string {
  return WEATHER.get(city.trim().toLowerCase()) ?? `No weather data for ${city}.`;
}

export const weatherTool: Tool<{ city: string }> = tool({
  name: 'get_weather',
  description: 'Look up the current weather in a city.',
  parameters: z.object({ city: z.string().describe('Name of the city, such as Paris') }),
  execute: ({ city }) => weatherIn(city),
});
