// When the views of the page draw.
import { expect, onTestFinished, test, vi } from 'vitest';
import { Redraw } from '../../src/page/browser/chat/redraw.ts';

test('time alone draws ten times a second: earlier changes leave no timers of their own', () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  vi.stubGlobal('requestAnimationFrame', (draw: () => void) => draw());
  const redraw = new Redraw();
  const draw = vi.fn<() => void>(redraw.drawLater);
  redraw.onChange(draw);
  for (let changes = 0; changes < 3; changes += 1) {
    redraw.changed();
    vi.advanceTimersByTime(60);
  }
  draw.mockClear();

  vi.advanceTimersByTime(1_000);

  expect(draw).toHaveBeenCalledTimes(10);
});
