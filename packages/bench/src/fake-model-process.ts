// The fake model as a process of its own, so that nothing it costs is counted as a client's.
import { startFakeModel } from './fake-model.ts';

const { origin } = await startFakeModel();
process.send?.(origin);
process.on('disconnect', () => process.exit());
