// A tool for this chapter's streams: the weather of a few cities. Chapter 02 covers tools.
import { type Tool, tool } from '@turnstream/core';
import * as z from 'zod';

const WEATHER: Readonly<Record<string, string>> = {
  paris: 'Sunny, 18°C',
  london: 'Overcast, 12°C',
  tokyo: 'Rain, 15°C',
};

export const weatherTool: Tool<{ city: string }> = tool({
  name: 'get_weather',
  description: 'Look up the current weather in a city.',
  parameters: z.object({ city: z.string() }),
  execute: ({ city }) => WEATHER[city.toLowerCase()] ?? `No weather data for ${city}.`,
});
