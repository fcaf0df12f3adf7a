// A lookup that takes its time, as a real one does, and stops waiting when the run does.
import { setTimeout as wait } from 'node:timers/promises';
import type { Tool } from '@turnstream/core';
import { weatherIn, weatherTool } from './weather-tool.ts';

/** The weather tool, `delayMs` slower. `onStep` is told when a lookup starts and when it has ended. */
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
