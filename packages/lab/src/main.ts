// Starts the lab, says where it is, and opens a browser if there is one. It runs until Ctrl-C.
// Run: npx -y pnpm@12 lab   or without a browser, on a port of your own: ... lab --no-open --port 3000
import { once } from 'node:events';
import { chatClientFromEnv, reportErrors, scriptArguments } from '@turnstream/config';
import { startLab } from './lab.ts';
import { commandLine } from './process/command-line.ts';
import { openBrowser } from './process/open-browser.ts';

reportErrors();
const { opensBrowser, port } = commandLine(scriptArguments());

await using model = await chatClientFromEnv({ api: 'responses', onNotice: () => {} });
const live = model.provider === 'demo' ? null : { client: model.client, name: model.model };
await using lab = await startLab({ port, live });

const models =
  live === null
    ? 'The demo model on this machine answers; a key in .env adds a live one to choose.'
    : `${live.name} can be chosen on the page.`;
process.stdout.write(`The lab:  ${lab.address}\n${models}\nCtrl-C ends it.\n`);
if (opensBrowser) openBrowser(lab.address);

await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
