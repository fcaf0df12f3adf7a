// The environment of a program that must not find a key: an empty variable hides the one in `.env`.

export const noKey: Readonly<Record<string, string>> = {
  LLM_PROVIDER: '',
  LLM_MODEL: '',
  OPENAI_API_KEY: '',
  OPENAI_BASE_URL: '',
  AZURE_OPENAI_ENDPOINT: '',
};
