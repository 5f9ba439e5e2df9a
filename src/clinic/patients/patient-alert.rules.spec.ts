import { describe, expect, it } from 'vitest';
import { Temporal } from '../../platform/time/index.js';
import {
  type AlertEntry,
  alertSentence,
  byGravity,
  isShown,
  isVisibleTo,
  readAlert,
} from './patient-alert.rules.js';

const today = Temporal.PlainDate.from('2026-03-02');
const read = (entry: Partial<AlertEntry>) =>
  readAlert({ kind: 'CLINICAL', text: 'Pacemaker', ...entry }, today);

describe('an alert', () => {
  it('is shown from today on, to everybody, unless it says otherwise', () => {
    expect(read({})).toEqual({ text: 'Pacemaker', fromOn: '2026-03-02', untilOn: null, visibleTo: [] });
    expect(read({ visibleTo: ['IMAGING', 'IMAGING'] })).toMatchObject({ visibleTo: ['IMAGING'] });
  });

  it('of safeguarding is for clinicians and managers, or one of them', () => {
    expect(read({ kind: 'SAFEGUARDING' })).toMatchObject({ visibleTo: ['CLINICIAN', 'MANAGER'] });
    expect(read({ kind: 'SAFEGUARDING', visibleTo: ['CLINICIAN'] })).toMatchObject({
      visibleTo: ['CLINICIAN'],
    });
    expect(read({ kind: 'SAFEGUARDING', visibleTo: ['CLINICIAN', 'ADMIN'] })).toEqual([
      expect.stringMatching(/^visibleTo/),
    ]);
  });

  it.each<[Partial<AlertEntry>, RegExp]>([
    [{ text: '\n' }, /^text/],
    [{ text: 'a\u0000b' }, /^text/],
    [{ fromOn: '2026-02-30' }, /^fromOn/],
    [{ untilOn: 'never' }, /^untilOn/],
    [{ fromOn: '2026-05-01', untilOn: '2026-04-01' }, /^untilOn/],
    [{ fromOn: '2026-01-01', untilOn: '2026-03-01' }, /^untilOn/],
  ])('%j is refused', (entry, message) => {
    expect(read(entry)).toEqual([expect.stringMatching(message)]);
  });
});

it('is seen by whoever has one of its roles', () => {
  expect(isVisibleTo({ visibleTo: [] }, [])).toBe(true);
  expect(isVisibleTo({ visibleTo: ['CLINICIAN', 'MANAGER'] }, ['RECEPTION', 'MANAGER'])).toBe(true);
  expect(isVisibleTo({ visibleTo: ['CLINICIAN'] }, ['RECEPTION'])).toBe(false);
});

it('is shown on its days, and not once it was ended', () => {
  const alert = { fromOn: '2026-03-02', untilOn: '2026-03-03', endedAt: null };
  const shown = (day: string) => isShown(alert, Temporal.PlainDate.from(day));
  expect(['01', '02', '03', '04'].map((day) => shown(`2026-03-${day}`))).toEqual([false, true, true, false]);
  expect(isShown({ ...alert, endedAt: today }, today)).toBe(false);
});

it('stands before the less grave and the younger', () => {
  const alerts = [
    { severity: 'LOW', id: 'a' },
    { severity: 'HIGH', id: 'c' },
    { severity: 'HIGH', id: 'b' },
  ] as const;
  expect(alerts.toSorted(byGravity).map(({ id }) => id)).toEqual(['b', 'c', 'a']);
});

it('says what it is about', () => {
  expect(alertSentence({ kind: 'SAFETY', text: 'Uses a stick' })).toBe('Safety alert: Uses a stick');
});
