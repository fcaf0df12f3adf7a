// From readings to the figures that are printed.

export function percentile(readings: readonly number[], share: number): number {
  const sorted = readings.toSorted((a, b) => a - b);
  return sorted[Math.min(Math.ceil(share * sorted.length), sorted.length) - 1] ?? Number.NaN;
}

/** By how much `y` grows with one more `x`: the line with the least squares. */
export function slope(points: readonly { readonly x: number; readonly y: number }[]): number {
  const mean = (of: (point: { readonly x: number; readonly y: number }) => number): number =>
    points.reduce((sum, point) => sum + of(point), 0) / points.length;
  const x = mean((point) => point.x);
  const y = mean((point) => point.y);
  return mean((point) => (point.x - x) * (point.y - y)) / mean((point) => (point.x - x) ** 2);
}

/** One line of the table; a figure over its bar makes the process fail. */
export function row(title: string, value: number, unit: string, bar: number | null = null): string {
  const isOver = bar !== null && !(value <= bar);
  if (isOver) process.exitCode = 1;
  const amount = (of: number): string => `${of.toFixed(Number.isInteger(of) ? 0 : 2)} ${unit}`.trimEnd();
  const verdict = bar === null ? '' : `at most ${amount(bar)}: ${isOver ? 'over' : 'ok'}`;
  return `${title.padEnd(52)}${amount(value).padEnd(16)}${verdict}`.trimEnd();
}

/** A whole number of at least 1. The error names an invalid value. */
export function positive(name: string, given: string): number {
  const value = Number(given);
  if (Number.isSafeInteger(value) && value >= 1) return value;
  throw new Error(`--${name} is ${given}; give a whole number from 1.`);
}
