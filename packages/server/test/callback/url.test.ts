import { expect, test, vi } from 'vitest';
import { type NotifiedRun, sendCallback } from '../../src/callback/send.ts';
import { callbackSigner } from '../../src/callback/signer.ts';
import { checkCallbackUrl } from '../../src/callback/url.ts';
import { receive } from './receiver.ts';

const signer = callbackSigner(`whsec_${Buffer.alloc(24, 7).toString('base64')}`);
const { signal } = new AbortController();

function runNotifying(callbackUrl: string): NotifiedRun {
  return { runId: 'run_1', sessionId: 'session_1', state: 'completed', atMs: 1_763_000_000_000, callbackUrl };
}

const inside = [
  '127.0.0.1',
  '127.0.0.2',
  '127.255.255.254',
  '0.0.0.0',
  '0.1.2.3',
  '10.0.0.1',
  '172.16.0.1',
  '172.31.255.254',
  '192.168.1.1',
  '169.254.169.254',
  '100.64.0.1',
  '100.100.100.200',
  '168.63.129.16',
  '192.0.0.192',
  '192.0.2.1',
  '192.88.99.1',
  '198.18.0.1',
  '198.51.100.1',
  '203.0.113.1',
  '224.0.0.1',
  '239.255.255.255',
  '240.0.0.1',
  '255.255.255.255',
  '::',
  '::1',
  '::127.0.0.1',
  '::8.8.8.8',
  '::ffff:127.0.0.1',
  '::ffff:10.0.0.1',
  '::ffff:8.8.8.8',
  '::ffff:0:127.0.0.1',
  '64:ff9b::127.0.0.1',
  '64:ff9b::10.0.0.1',
  '64:ff9b::169.254.169.254',
  '64:ff9b:1::8.8.8.8',
  '2002:7f00:1::',
  '2002:a00:1::1',
  '2001:0:4136:e378:8000:63bf:f5ff:fffe',
  '2001:db8::1',
  '3fff::1',
  '100::1',
  'fc00::1',
  'fd00:ec2::254',
  'fe80::1',
  'fec0::1',
  'ff02::1',
  '4000::1',
];
const outside = ['1.1.1.1', '8.8.8.8', '172.32.0.1', '100.128.0.1', '2606:4700:4700::1111', '64:ff9b::8.8.8.8'];

function asHost(address: string): string {
  return address.includes(':') ? `[${address}]` : address;
}

test.each(inside)(
  '%s is inside: refused in a URL, as what a name resolves to, and beside a public address',
  async (address) => {
    await using canary = await receive();
    const literal = `https://${asHost(address)}:${canary.port}/hook`;
    const named = runNotifying(`https://receiver.example:${canary.port}/hook`);
    const family = address.includes(':') ? 6 : 4;
    const answers = [
      [{ address, family }],
      [
        { address: '8.8.8.8', family: 4 },
        { address, family },
      ],
    ];

    const checking = (): URL => checkCallbackUrl(literal);
    const outcomes = [await sendCallback(runNotifying(literal), signer, signal)];
    for (const answer of answers)
      outcomes.push(await sendCallback(named, signer, signal, { lookup: async () => answer, ports: [canary.port] }));

    expect(checking).toThrow(expect.objectContaining({ code: 'input_invalid' }));
    expect(checking).toThrow(/^callbackUrl leads to \S+, which is not public\./);
    expect(outcomes.map(({ status }) => status)).toEqual(['refused', 'refused', 'refused']);
    expect(await canary.connections()).toBe(0);
  },
);

test.each(outside)('%s is outside: a URL may name it', (address) => {
  const url = checkCallbackUrl(`https://${asHost(address)}/hook`);

  expect(url.pathname).toBe('/hook');
});

const local = 'leads to 127.0.0.1, which is not public';
const localhost = 'leads to localhost, which is not public';

test.each([
  ['https://0x7f.1:PORT/', local],
  ['https://0x7f000001:PORT/', local],
  ['https://2130706433:PORT/', local],
  ['https://127.1:PORT/', local],
  ['https://0177.0.0.1:PORT/', local],
  ['https://127.0.0.1.:PORT/', local],
  ['https://%31%32%37.0.0.1:PORT/', local],
  ['https://１２７.0.0.1:PORT/', local],
  ['https://127。0。0。1:PORT/', local],
  ['https:127.0.0.1:PORT/', local],
  ['https:\\\\127.0.0.1:PORT\\told', local],
  [' https://127.0.\t0.1:PORT/\n', local],
  ['https://0:PORT/', 'leads to 0.0.0.0, which is not public'],
  ['https://[::ffff:7f00:1]:PORT/', 'leads to ::ffff:7f00:1, which is not public'],
  ['https://[0:0:0:0:0:0:0:1]:PORT/', 'leads to ::1, which is not public'],
  ['https://localhost:PORT/', localhost],
  ['https://LOCALHOST:PORT/', localhost],
  ['https://ⓛocalhost:PORT/', localhost],
  ['https://a.localhost:PORT/', 'leads to a.localhost, which is not public'],
  ['https://localhost.:PORT/', 'has a host that ends with a dot, localhost.'],
  ['https://receiver.example.:PORT/', 'has a host that ends with a dot, receiver.example.'],
  ['https://user:secret@receiver.example:PORT/', 'has a user name or a password in it'],
  ['https://secret@receiver.example:PORT/', 'has a user name or a password in it'],
  ['https://:secret@receiver.example:PORT/', 'has a user name or a password in it'],
  ['https://receiver.example#@127.0.0.1:PORT/', 'has a fragment'],
  ['https://receiver.example/#', 'has a fragment'],
  ['http://receiver.example:PORT/?secret', 'begins with http:'],
  ['http://127.0.0.1:PORT/?secret', 'begins with http:'],
  ['ws://127.0.0.1:PORT/', 'begins with ws:'],
  ['gopher://127.0.0.1:PORT/_secret', 'begins with gopher:'],
  ['file:///etc/secret', 'begins with file:'],
  ['data:,secret', 'begins with data:'],
  ['blob:https://127.0.0.1:PORT/secret', 'begins with blob:'],
  ['//127.0.0.1:PORT/secret', 'is not a URL'],
  ['https://256.0.0.1/secret', 'is not a URL'],
  ['https://[fe80::1%25eth0]/secret', 'is not a URL'],
  ['https://receiver.example:99999/secret', 'is not a URL'],
  ['', 'is not a URL'],
  [`https://receiver.example/${'secret'.repeat(400)}`, 'has 2425 characters, more than 2048'],
])('%s is refused, without a word of what may be secret in it', async (shape, why) => {
  await using canary = await receive();
  const url = shape.replace('PORT', String(canary.port));
  const lookup = vi.fn(async () => [{ address: '127.0.0.1', family: 4 }]);

  const checking = (): URL => checkCallbackUrl(url);
  const { status } = await sendCallback(runNotifying(url), signer, signal, { lookup });

  expect(checking).toThrow(
    expect.objectContaining({
      code: 'input_invalid',
      message: `callbackUrl ${why}. Use https and a public host, as in https://example.com/hook.`,
    }),
  );
  expect(status).toBe('refused');
  expect(lookup).not.toHaveBeenCalled();
  expect(await canary.connections()).toBe(0);
});

test('a URL with a name, an allowed port, a path and a query is accepted, up to 2,048 characters', () => {
  const start = 'https://receiver.example:8443/hook?token=';
  const longest = start.padEnd(2048, 'x');

  const url = checkCallbackUrl(longest, { ports: [443, 8443] });

  expect(url.href).toBe(longest);
});

test('only port 443 of a public host is accepted, unless others are allowed', () => {
  const check = (url: string, ports?: readonly number[]) => (): URL => checkCallbackUrl(url, { ports });

  expect(check('https://receiver.example:6379/')).toThrow('uses port 6379; allowed: 443');
  expect(check('https://receiver.example/', [8443])).toThrow('uses port 443; allowed: 8443');
  expect(check('https://receiver.example:443/')().port).toBe('');
});

test.each([
  'http://127.0.0.1:8080/',
  'http://127.0.0.2/',
  'http://[::1]/',
  'https://127.0.0.1/',
  'https://receiver.example/',
])('a development server takes %s', (url) => {
  expect(checkCallbackUrl(url, { allowLoopback: true }).href).toBe(url);
});

test.each([
  'http://localhost:PORT/',
  'https://localhost:PORT/',
  'http://receiver.example:PORT/',
  'http://[::ffff:127.0.0.1]:PORT/',
  'http://0.0.0.0:PORT/',
  'https://10.0.0.1:PORT/',
  'http://user:secret@127.0.0.1:PORT/',
  'ws://127.0.0.1:PORT/',
])('a development server does not take %s either', async (shape) => {
  await using canary = await receive();
  const url = shape.replace('PORT', String(canary.port));

  const { status } = await sendCallback(runNotifying(url), signer, signal, { allowLoopback: true });

  expect(() => checkCallbackUrl(url, { allowLoopback: true })).toThrow(
    expect.objectContaining({ code: 'input_invalid' }),
  );
  expect(status).toBe('refused');
  expect(await canary.connections()).toBe(0);
});

test('a name that resolves to loopback is refused by a development server too', async () => {
  await using canary = await receive();
  const run = runNotifying(`https://receiver.example:${canary.port}/`);
  const lookup = async (): Promise<{ address: string; family: number }[]> => [{ address: '127.0.0.1', family: 4 }];

  const { status } = await sendCallback(run, signer, signal, { allowLoopback: true, lookup, ports: [canary.port] });

  expect(status).toBe('refused');
  expect(await canary.connections()).toBe(0);
});
