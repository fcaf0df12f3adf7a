// A webhook of the model's service triggers one look at a run.
import { expect, test, vi } from 'vitest';
import { openRig } from '../app-rig.ts';

test('a webhook wakes its run, on the first delivery only', async () => {
  const proven = vi
    .fn<() => Promise<{ webhookId: string; responseId: string | null } | null>>()
    .mockResolvedValueOnce({ webhookId: 'wh_1', responseId: 'resp_1' })
    .mockResolvedValueOnce({ webhookId: 'wh_1', responseId: 'resp_1' })
    .mockResolvedValueOnce({ webhookId: 'wh_2', responseId: null })
    .mockResolvedValueOnce(null);
  await using rig = await openRig({ webhook: proven });
  const wake = vi.spyOn(rig.store.runs, 'wake').mockResolvedValue();

  const statuses: number[] = [];
  for (let sent = 0; sent < 4; sent += 1) {
    statuses.push((await rig.post('/webhooks/model', { sent }, { headers: { authorization: '' } })).status);
  }

  expect(statuses).toEqual([204, 204, 204, 204]);
  expect(wake.mock.calls).toEqual([['resp_1']]);
});
