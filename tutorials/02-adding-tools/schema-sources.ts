// The same tool with its parameters in four schema libraries: the model gets the same description each time.
// Run: npx -y pnpm@12 --filter 02-adding-tools schemas
import { reportErrors } from '@turnstream/config';
import { tool } from '@turnstream/core';
import { citySchemas } from './city-schemas.ts';
import { weatherIn } from './weather-tool.ts';

reportErrors();
for (const [library, parameters] of citySchemas) {
  const weather = tool({
    name: 'get_weather',
    description: 'Look up the current weather in a city.',
    parameters,
    execute: ({ city }) => weatherIn(city),
  });
  console.log(`${library}: ${JSON.stringify(weather.parameters)}`);
}
