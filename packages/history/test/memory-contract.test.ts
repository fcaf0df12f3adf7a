import { MemoryHistory, memorySessions } from '@turnstream/core';
import { historyContract, sessionStoreContract } from '@turnstream/testkit/contracts';

historyContract('memory', () => ({ history: new MemoryHistory() }));

sessionStoreContract('memory', () => ({ sessions: memorySessions() }));
