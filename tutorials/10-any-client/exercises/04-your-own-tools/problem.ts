// Build: the caller has tools of its own, and the agent's model may call them.
import type OpenAI from 'openai';
import type { FunctionTool, ResponseInput } from 'openai/resources/responses/responses';

export const CAMERA: FunctionTool = {
  type: 'function',
  name: 'take_photo',
  description: 'Takes a photo of the parcel in front of the customer.',
  parameters: { type: 'object', properties: {}, additionalProperties: false },
  strict: false,
};

/** `takePhoto` says what is on the photo. */
export async function ask(openai: OpenAI, question: string, takePhoto: () => string): Promise<string> {
  const input: ResponseInput = [{ role: 'user', content: question }];
  const response = await openai.responses.create({ model: 'shop', input, tools: [CAMERA] });
  const calls = response.output.filter((item) => item.type === 'function_call');
  if (calls.length > 0) throw new Error(`TODO: send ${takePhoto()} as the output of ${calls.length} call`);
  return response.output_text;
}
