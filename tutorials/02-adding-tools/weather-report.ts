// The shape of a weather report: what the model has to fill in, and what the program gets to work with.
import * as z from 'zod';

export const weatherReport = z.object({
  city: z.string(),
  celsius: z.number(),
  umbrella: z.boolean().describe('Whether one should be taken along'),
});
