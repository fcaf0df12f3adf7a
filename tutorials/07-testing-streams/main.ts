// A scripted model: six ways to send one answer, and how each one ends for the reader. Run: npx -y pnpm@12 --filter
// 07-testing-streams demo
import { reportErrors } from '@turnstream/config';
import { tell, ways } from './faults-shown.ts';

reportErrors();

console.log('way                                   read                          end');
for (const [way, options] of Object.entries(ways)) {
  const { read, end } = await tell(options);
  console.log(`${way.padEnd(38)}${JSON.stringify(read).padEnd(30)}${end}`);
}
