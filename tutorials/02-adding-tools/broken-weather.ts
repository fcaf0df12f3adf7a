// A lookup whose service is down. Its exception is for the operator, not for the model.
import type { Tool } from '@turnstream/core';
import { weatherTool } from './weather-tool.ts';

export const brokenWeather: Tool<{ city: string }> = {
  ...weatherTool,
  execute: ({ city }) => {
    throw new Error(`weather-db-7.internal refused the query for ${city}`);
  },
};
