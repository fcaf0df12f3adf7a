// Logs only the status: the service's text may contain anything.
export interface Service {
  readonly baseURL: string;
  readonly apiKey: string;
  readonly log: (line: string) => void;
}

export async function ask(question: string, { baseURL, apiKey, log }: Service): Promise<string | null> {
  const response = await fetch(`${baseURL}/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'gpt-5', messages: [{ role: 'user', content: question }] }),
  });
  if (!response.ok) {
    log(`The model's service refused a question: status ${response.status}.`);
    return null;
  }
  const answer = (await response.json()) as { choices: [{ message: { content: string } }] };
  return answer.choices[0].message.content;
}
