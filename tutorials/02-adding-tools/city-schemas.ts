// One shape, written with four schema libraries. A tool takes each of them, and its `execute` is typed by each.
import type { StandardSchema } from '@turnstream/core';
import { jsonSchema } from '@turnstream/json-schema';
import { toStandardJsonSchema } from '@valibot/to-json-schema';
import { type } from 'arktype';
import * as v from 'valibot';
import * as z from 'zod';

export interface City {
  readonly city: string;
}

const description = 'Name of the city, such as Paris';

const zod = z.object({ city: z.string().describe(description) });

const valibot = toStandardJsonSchema(v.object({ city: v.pipe(v.string(), v.description(description)) }));

const arktype = type({ city: type.string.describe(description) });

/** Bare JSON Schema has no type to infer, so the caller names it. */
const bare = jsonSchema<City>({
  type: 'object',
  properties: { city: { type: 'string', description } },
  required: ['city'],
});

export const citySchemas: readonly (readonly [string, StandardSchema<City>])[] = [
  ['zod', zod],
  ['valibot', valibot],
  ['arktype', arktype],
  ['JSON Schema', bare],
];
