// Aborts, broken connections and readers that are slow or leave, the same over both transports.
import tls from 'node:tls';
import { describe, expect, test } from 'vitest';
import { hello, post, rejection, TRANSPORTS, textOf } from './both-transports.ts';
import { CERTIFICATE, serveRaw } from './raw-server.ts';

describe.each(TRANSPORTS)('over %s', (_, transport) => {
  test.each([
    ['before it is sent', 'before'],
    ['before the headers', 'waiting'],
    ['in the middle of the body', 'reading'],
  ])('an abort %s rejects with the reason and closes the connection', async (_name, moment) => {
    const arrived = Promise.withResolvers<void>();
    await using server = await serveRaw([
      (response) => {
        if (moment === 'reading') response.write('half');
        arrived.resolve();
      },
    ]);
    const controller = new AbortController();
    const reason = new Error('enough');
    if (moment === 'before') controller.abort(reason);

    const reading = transport(server.origin, post({ signal: controller.signal })).then(textOf);
    if (moment !== 'before') await arrived.promise;
    controller.abort(reason);

    await expect(reading).rejects.toBe(reason);
    await expect.poll(() => server.sockets[0]?.destroyed ?? true).toBe(true);
    expect(server.requests).toHaveLength(moment === 'before' ? 0 : 1);
  });

  test('leaving a body closes the connection', async () => {
    await using server = await serveRaw([(response) => void response.write('half')]);

    const response = await transport(server.origin, post());
    const reader = response.body!.getReader();
    await reader.read();
    await reader.cancel();

    expect(await reader.read()).toEqual({ done: true, value: undefined });
    await expect.poll(() => server.sockets[0]!.destroyed).toBe(true);
  });

  test('a server that is not there is a TypeError whose cause has the code', async () => {
    const gone = await serveRaw([hello]);
    await gone[Symbol.asyncDispose]();

    const error = await rejection(transport(gone.origin, post()));

    expect(error).toBeInstanceOf(TypeError);
    expect(error).toMatchObject({ message: 'fetch failed', cause: { code: 'ECONNREFUSED' } });
  });

  test.each([
    ['before the answer', 'fetch failed', ''],
    ['in the middle of it', 'terminated', 'half'],
  ])('a connection that breaks %s is "%s", and the cause has a code', async (_name, message, sent) => {
    await using server = await serveRaw([
      (response, _request, socket) => (sent === '' ? socket.destroy() : response.write(sent, () => socket.destroy())),
    ]);

    const error = await rejection(transport(server.origin, post()).then(textOf));

    expect(error).toBeInstanceOf(TypeError);
    expect(error).toMatchObject({ message, cause: { code: expect.any(String) } });
  });

  test.each(['http://user:secret@127.0.0.1/', 'http://'])('an address such as %s is a TypeError', async (url) => {
    expect(await rejection(transport(url, post()))).toBeInstanceOf(TypeError);
  });

  test('an unread body applies backpressure to its sender', async () => {
    const megabyte = Buffer.alloc(2 ** 20);
    let drained = 0;
    await using server = await serveRaw([
      (response) => {
        const write = (error?: Error | null): void => {
          if (error == null) response.write(megabyte, (failed) => ((drained += 1), write(failed)));
        };
        write();
      },
    ]);

    const response = await transport(server.origin, post());
    const reader = response.body!.getReader();
    await expect.poll(() => server.sockets[0]!.writableNeedDrain).toBe(true);
    const heldAt = drained;
    for (let read = 0; read < 8 * 2 ** 20; ) read += (await reader.read()).value!.length;
    const readOn = drained;
    await reader.cancel();

    expect(heldAt).toBeLessThan(16);
    expect(readOn).toBeGreaterThan(heldAt);
  });

  test('TLS: a certificate that Node trusts is accepted, any other is an error with its code', async () => {
    await using server = await serveRaw([hello], { secure: true });
    const trusted = tls.getCACertificates('default');

    const refused = await rejection(transport(server.origin, post()));
    tls.setDefaultCACertificates([...trusted, CERTIFICATE]);
    const accepted = await textOf(await transport(server.origin, post())).finally(() =>
      tls.setDefaultCACertificates(trusted),
    );

    expect(refused).toMatchObject({ message: 'fetch failed', cause: { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' } });
    expect(accepted).toBe('hello');
  });
});
