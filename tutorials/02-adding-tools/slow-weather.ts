// A slow lookup, like a real one, which stops waiting when the run stops.
import { setTimeout as wait } from 'node:timers/promises';
import type { Tool } from '@turnstream/core';
import { weatherIn, weatherTool } from './weather-tool.ts';

/** The weather tool, `delayMs` slower. Calls `onStep` when a lookup starts and when it ends. */
export function slowWeather(delayMs: number, onStep: (step: string) => void): Tool<{ city: string }> {
  return {
    ...weatherTool,
    timeoutMs: 5_000,
    execute: async ({ city }, { signal }) => {
      onStep(`${city} starts`);
      await wait(delayMs, undefined, { signal });
      onStep(`${city} ends`);
      return weatherIn(city);
    },
  };
}
