// A customer's photo as part of a question: uploaded as a form, or at an address that the service can fetch.
import { type Agent, dataContent } from '@turnstream/core';

const TYPES = ['image/png', 'image/jpeg', 'image/webp', 'image/gif'];

/** Answers `multipart/form-data` with the fields `question` and `photo`. */
export async function answerPhoto(agent: Agent, request: Request): Promise<Response> {
  const form = await request.formData();
  const question = form.get('question');
  const photo = form.get('photo');
  if (typeof question !== 'string' || !(photo instanceof File) || !TYPES.includes(photo.type))
    return Response.json({ error: 'Send a question, and a photo as PNG, JPEG, WebP or GIF.' }, { status: 400 });

  const image = dataContent(new Uint8Array(await photo.arrayBuffer()), photo.type);
  const { text } = await agent.run({ role: 'user', contents: [{ type: 'text', text: question }, image] });
  return Response.json({ text });
}

export async function askAboutUrl(agent: Agent, question: string, uri: string): Promise<string> {
  const image = { type: 'uri', uri, mediaType: 'image/jpeg' } as const;
  return (await agent.run({ role: 'user', contents: [{ type: 'text', text: question }, image] })).text;
}
