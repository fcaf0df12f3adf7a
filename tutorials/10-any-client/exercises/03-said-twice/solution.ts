// The server has what came before the previous response, so the question alone is new.
import type OpenAI from 'openai';

export class Conversation {
  readonly #openai: OpenAI;
  #last: string | null = null;

  constructor(openai: OpenAI) {
    this.#openai = openai;
  }

  async ask(question: string): Promise<string> {
    const asked = { model: 'shop', input: question, previous_response_id: this.#last };
    const { id, output_text: answer } = await this.#openai.responses.create(asked);
    this.#last = id;
    return answer;
  }
}
