// The door of @turnstream/openai.
export { OpenAIChatCompletionsClient, type OpenAIChatCompletionsClientOptions } from './chat-completions/client.ts';
export type { ChatCompletionsParameters } from './chat-completions/parameters.ts';
export { OpenAIResponsesClient, type OpenAIResponsesClientOptions } from './responses/client.ts';
export type { ResponsesParameters } from './responses/parameters.ts';
export { type ServiceName, serviceAt } from './service/profile.ts';
export { unwrapWebhook, type Webhook, type WebhookHeaders, type WebhookOptions } from './webhook.ts';
