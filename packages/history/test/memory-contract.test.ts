import { MemoryHistory } from '@turnstream/core';
import { historyContract } from '@turnstream/testkit/contracts';

historyContract('memory', () => ({ history: new MemoryHistory() }));
