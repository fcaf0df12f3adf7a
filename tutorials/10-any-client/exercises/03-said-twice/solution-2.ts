// The caller keeps the conversation, and asks the server to store nothing.
import type OpenAI from 'openai';

interface Said {
  readonly role: 'assistant' | 'user';
  readonly content: string;
}

export class Conversation {
  readonly #openai: OpenAI;
  readonly #said: Said[] = [];

  constructor(openai: OpenAI) {
    this.#openai = openai;
  }

  async ask(question: string): Promise<string> {
    this.#said.push({ role: 'user', content: question });
    const asked = { model: 'shop', input: this.#said, store: false };
    const { output_text: answer } = await this.#openai.responses.create(asked);
    this.#said.push({ role: 'assistant', content: answer });
    return answer;
  }
}
