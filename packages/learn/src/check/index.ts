// The API for writing the check of an exercise: `import { exercise, expected } from '@turnstream/learn/check'`.
export { type Exercise, exercise, type Tools } from './exercise.ts';
export { counted, equal, expected, inTime, predicted } from './expectations.ts';
export { type Printed, printed } from './printed.ts';
export type { CheckModel } from './scripted-model.ts';
