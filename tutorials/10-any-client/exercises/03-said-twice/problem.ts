// Fix: the model is sent everything twice.
import type OpenAI from 'openai';

interface Said {
  readonly role: 'assistant' | 'user';
  readonly content: string;
}

export class Conversation {
  readonly #openai: OpenAI;
  readonly #said: Said[] = [];
  #last: string | null = null;

  constructor(openai: OpenAI) {
    this.#openai = openai;
  }

  async ask(question: string): Promise<string> {
    this.#said.push({ role: 'user', content: question });
    const asked = { model: 'shop', input: this.#said, previous_response_id: this.#last };
    const { id, output_text: answer } = await this.#openai.responses.create(asked);
    this.#last = id;
    this.#said.push({ role: 'assistant', content: answer });
    return answer;
  }
}
