// `npx -y pnpm@12 learn`, at the root of the repository.
import { learn } from './command.ts';
import { ROOT } from './exercises/find.ts';

process.exitCode = await learn(process.argv.slice(2), ROOT);
