import shared from '../../vitest.by-name.ts';

export default shared;
