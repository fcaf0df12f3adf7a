// The least that reads server-sent events: text up to the blank line, and what follows `data: ` in it.

/** Calls `onData` for every frame until it returns false, `[DONE]` comes or the body ends. */
export async function readFrames(response: Response, onData: (data: string) => boolean): Promise<void> {
  const reader = response.body?.getReader();
  const decoder = new TextDecoder();
  let rest = '';
  for (let read = await reader?.read(); read?.done === false; read = await reader?.read()) {
    rest += decoder.decode(read.value, { stream: true });
    let start = 0;
    for (let end = rest.indexOf('\n\n'); end !== -1; end = rest.indexOf('\n\n', start)) {
      const data = rest.slice(rest.indexOf('data: ', start) + 'data: '.length, end);
      start = end + 2;
      if (data !== '[DONE]' && !onData(data)) return reader?.cancel();
    }
    rest = rest.slice(start);
  }
}
