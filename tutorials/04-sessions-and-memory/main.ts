// A conversation that survives its process: loaded from a JSON file before the turn, saved after it. Run: node main.ts
// save "Remember the word teal." then: node main.ts load "Which word was it?" and: node main.ts reset
import { relative } from 'node:path';
import { chatClientFromEnv, reportErrors } from '@turnstream/config';
import { commandFrom } from './command-line.ts';
import { askAndSave, forgetSession } from './session-file.ts';
import { statefulAgent } from './stateful-agent.ts';

reportErrors();
const command = commandFrom(process.argv.slice(2));

if (command.verb === 'reset') {
  await forgetSession(command.file);
  console.log('Session cleared.');
} else {
  await using model = await chatClientFromEnv();
  const agent = statefulAgent(model.client);

  console.log(`Q: ${command.question}`);
  console.log(`A: ${await askAndSave(agent, command.question, command.file)}`);
  console.error(`   saved to ${relative('.', command.file)}; this process ends now`);
}
