// The two surfaces of Azure OpenAI: deployments in the path for Chat Completions, and OpenAI's own paths for Responses.
import type { AzureOpenAI } from 'openai';
import type { AzureSettings } from './model-settings.ts';

/**
 * Azure serves Responses on its v1 surface, which is OpenAI's own: no deployment in the path, no api-version.
 * https://learn.microsoft.com/azure/ai-foundry/openai/api-version-lifecycle
 */
export function azureV1({ endpoint }: AzureSettings): string {
  return `${endpoint}/openai/v1`;
}

export async function azureSdk({ endpoint, apiKey, apiVersion }: AzureSettings): Promise<AzureOpenAI> {
  const { AzureOpenAI } = await import('openai');
  return new AzureOpenAI({
    // Not `endpoint`: the SDK refuses it while OPENAI_BASE_URL is set in the process.
    baseURL: `${endpoint}/openai`,
    apiKey,
    apiVersion,
    // These belong to an OpenAI account, and the SDK would take them from the process.
    organization: null,
    project: null,
  });
}
