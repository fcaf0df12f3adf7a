// `learn` for a course in another folder: `node learn-in.ts <folder> [option]`.
import { learn } from '../src/command.ts';

const [root = '', ...args] = process.argv.slice(2);
process.exitCode = await learn(args, root);
