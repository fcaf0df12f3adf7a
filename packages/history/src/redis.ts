// The door of @turnstream/history/redis: conversations and sessions in Redis, with an expiry if you want one.
export { RedisHistory, type RedisHistoryOptions } from './redis-history.ts';
export type { RedisClient, RedisOptions } from './redis-keys.ts';
export { RedisSessions } from './redis-sessions.ts';
