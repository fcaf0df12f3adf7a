// From a request to the options of a provider's call. Nothing is added that the request does not say.
import type {
  JSONSchema7,
  LanguageModelV4,
  LanguageModelV4CallOptions,
  LanguageModelV4ToolChoice,
} from '@ai-sdk/provider';
import type { ToolChoice } from '@turnstream/core';
import type { ChatRequest, ToolDeclaration } from '@turnstream/core/seams';
import { type AISDKParameters, checkParameters } from '../parameters.ts';
import { promptOf } from './messages.ts';

/** Throws `config_invalid` for parameters that no provider reads, `input_invalid` for what a prompt has no place for. */
export async function callOptions(
  request: ChatRequest<AISDKParameters>,
  model: LanguageModelV4,
  parameters: AISDKParameters | undefined,
): Promise<LanguageModelV4CallOptions> {
  const { settings, toolChoice, output } = request;
  checkParameters(settings?.parameters);
  const { tools: hosted = [], ...shared } = defined({ ...parameters, ...settings?.parameters });
  const tools = [...hosted, ...(request.tools ?? []).map(functionTool)];
  return {
    ...shared,
    prompt: promptOf(request, { provider: model.provider, urls: await model.supportedUrls }),
    ...(tools.length === 0 ? {} : { tools }),
    ...(tools.length === 0 || toolChoice === undefined ? {} : { toolChoice: chosen(toolChoice) }),
    ...(output === undefined ? {} : { responseFormat: { type: 'json', name: output.name, schema: output.schema } }),
    ...(settings?.headers === undefined ? {} : { headers: headersOf(settings.headers) }),
  };
}

type Defined<Members> = { [Member in keyof Members]?: Exclude<Members[Member], undefined> };

function defined<Members extends object>(members: Members): Defined<Members> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as Defined<Members>;
}

function functionTool({ name, description, parameters, strict }: ToolDeclaration) {
  const inputSchema = parameters as JSONSchema7;
  return { type: 'function', name, description, inputSchema, ...(strict === true ? { strict } : {}) } as const;
}

function chosen(choice: ToolChoice): LanguageModelV4ToolChoice {
  return typeof choice === 'string' ? { type: choice } : { type: 'tool', toolName: choice.name };
}

/** A header that is undefined takes back the provider's own. */
function headersOf(headers: Readonly<Record<string, string | null>>): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, value ?? undefined]));
}
