// Every client of OpenAI's APIs that is tested here.
import { agentsChat, agentsResponses } from './agents.ts';
import { aiSdkCompatible, aiSdkResponses } from './ai-sdk.ts';
import type { OtherClient } from './chat.ts';
import { langchainChat, langchainResponses } from './langchain.ts';
import { openWebUi } from './recorded.ts';
import { sdkChat, sdkResponses } from './sdk.ts';

export const clients: readonly OtherClient[] = [
  sdkChat,
  sdkResponses,
  aiSdkCompatible,
  aiSdkResponses,
  langchainChat,
  langchainResponses,
  agentsChat,
  agentsResponses,
  openWebUi,
];
