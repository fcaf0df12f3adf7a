// What the package gives: one model client for every provider of the AI SDK.
export { AISDKClient, type AISDKClientOptions, type ModelProvider } from './client.ts';
export type { AISDKParameters } from './parameters.ts';
