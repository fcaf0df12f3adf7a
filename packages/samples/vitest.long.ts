import long from '../../vitest.long.ts';

export default long;
