// The shape of a weather report, which the model fills in and the program uses.
import * as z from 'zod';

export const weatherReport = z.object({
  city: z.string(),
  celsius: z.number(),
  umbrella: z.boolean().describe('Whether to take one along'),
});
