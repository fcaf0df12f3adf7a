// Each call gets an output with its id, in a request that continues after the response with the call.
import type OpenAI from 'openai';
import type { FunctionTool, ResponseInput } from 'openai/resources/responses/responses';

export const CAMERA: FunctionTool = {
  type: 'function',
  name: 'take_photo',
  description: 'Takes a photo of the parcel in front of the customer.',
  parameters: { type: 'object', properties: {}, additionalProperties: false },
  strict: false,
};

export async function ask(openai: OpenAI, question: string, takePhoto: () => string): Promise<string> {
  let input: ResponseInput = [{ role: 'user', content: question }];
  for (let last: string | null = null; ; ) {
    const response: OpenAI.Responses.Response = await openai.responses.create({
      model: 'shop',
      input,
      tools: [CAMERA],
      previous_response_id: last,
    });
    const calls = response.output.filter((item) => item.type === 'function_call');
    if (calls.length === 0) return response.output_text;
    last = response.id;
    input = calls.map(({ call_id }) => ({ type: 'function_call_output', call_id, output: takePhoto() }));
  }
}
