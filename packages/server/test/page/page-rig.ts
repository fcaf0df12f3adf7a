// Serves the page at one address in every test, so that the browser keeps its process and the cached modules.
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { openRig, type Rig, type RigOptions } from '../app-rig.ts';
import { parkPages } from './browser-rig.ts';

/** Of the test that runs. */
let served: FastifyInstance | undefined;
let front: Promise<string> | undefined;

/** When the rig is disposed of, its pages leave first. */
export async function openPageRig(options: RigOptions = {}): Promise<Rig> {
  const rig = await openRig({ ...options, page: true });
  front ??= openFront();
  const url = await front;
  served = rig.app;
  return {
    ...rig,
    url,
    async [Symbol.asyncDispose]() {
      await using _ = rig;
      await parkPages(`${url}/page/page.css`);
    },
  };
}

async function openFront(): Promise<string> {
  const http = createServer((request, response) => served?.routing(request, response));
  http.listen(0, '127.0.0.1').unref();
  await once(http, 'listening');
  return `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
}
