// The door of @turnstream/history/redis.
export { RedisHistory, type RedisHistoryOptions } from './redis-history.ts';
export type { RedisClient, RedisOptions } from './redis-keys.ts';
export { RedisSessions } from './redis-sessions.ts';
