import { MemoryHistory, MemorySessions } from '@turnstream/core';
import { historyContract, sessionStoreContract } from '@turnstream/testkit/contracts';

historyContract('memory', () => ({ history: new MemoryHistory() }), { without: ['reopen', 'spoil', 'otherProcess'] });

sessionStoreContract('memory', () => ({ sessions: new MemorySessions() }));
