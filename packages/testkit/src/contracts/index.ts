// Entry point of the contract suites, which check any implementation of core's interfaces. Needs vitest.
export { backgroundContract } from './background.ts';
export { chatClientContract } from './chat-client.ts';
export type { ClientTarget, MakeChatClient } from './client-check.ts';
export type { ChatClientContractOptions } from './client-suite.ts';
export type { ContractOptions } from './deadline.ts';
export { type HistoryContractOptions, historyContract } from './history.ts';
export type { HistoryRig, MakeHistory, OtherProcess } from './history-check.ts';
export { sessionStoreContract } from './session-store.ts';
export type { SessionStoreRig } from './session-store-checks.ts';
