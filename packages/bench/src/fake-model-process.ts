// The fake model as a process of its own, so that nothing it costs is counted as a client's: `[cert.pem key.pem]` for TLS.
import { readFileSync } from 'node:fs';
import { startFakeModel } from './fake-model.ts';

const [cert, key] = process.argv.slice(2).map((file) => readFileSync(file));
const { origin } = await startFakeModel(cert === undefined || key === undefined ? null : { cert, key });
process.send?.(origin);
process.on('disconnect', () => process.exit());
