// Copied beside check-packages' tarballs: are the types of every entry right for ESM in Node and in bundlers?
import { readFileSync } from 'node:fs';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';

// The packages are ESM and have `exports`, which these two cannot read.
const NOT_SUPPORTED = ['node10', 'node16-cjs'];

for (const tarball of process.argv.slice(2)) {
  const analysis = await checkPackage(createPackageFromTarballData(new Uint8Array(readFileSync(tarball))));
  if (!analysis.types) throw new Error(`${tarball} has no types`);
  const problems = analysis.problems.filter(
    (problem) => !('resolutionKind' in problem && NOT_SUPPORTED.includes(problem.resolutionKind)),
  );
  if (problems.length > 0) throw new Error(`${tarball}: ${JSON.stringify(problems, null, 2)}`);
}
console.log('@arethetypeswrong/core has no objection');
