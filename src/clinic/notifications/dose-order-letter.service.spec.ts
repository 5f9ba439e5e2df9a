import { describe, expect, it } from 'vitest';
import { expectWholeLetter, HOSTILE_NAME, letterheadWith } from '../../../test/support/whole-letter.js';
import { Database } from '../../platform/database/database.service.js';
import { Temporal } from '../../platform/time/index.js';
import type { DoseOrderMatter } from '../radiopharmacy/dose-order-letter.type.js';
import { decideDoseOrderLetter } from './dose-order-letter.rules.js';
import { DoseOrderLetterService } from './dose-order-letter.service.js';

const at = (text: string) => Temporal.Instant.from(text);
const dose = (reference: string, mbq: number, injection: string) => ({
  plannedDoseId: reference,
  reference,
  tracerCode: 'TC99M_MDP',
  tracerName: 'Tc-99m medronate (MDP)',
  injectionAt: at(injection),
  deliversAt: at('2027-03-30T06:30:00Z'),
  calibratedAt: at('2027-03-30T07:00:00Z'),
  activityAtCalibrationMbq: mbq,
});
const facts: DoseOrderMatter = {
  orderId: '0f9b1c1e-0000-7000-8000-000000000001',
  version: 1,
  status: 'SENT',
  heldOn: Temporal.PlainDate.from('2027-03-30'),
  siteName: 'Main clinic',
  supplier: { name: 'Central Radiopharmacy', email: 'hot@lab.example' },
  doses: [
    dose('D00000001', 713.42, '2027-03-30T08:30:00Z'),
    dose('D00000002', 1198.06, '2027-03-30T13:00:00Z'),
  ],
  agreedWith: null,
};
const compose = (changes: Partial<DoseOrderMatter> = {}) =>
  new DoseOrderLetterService(new Database('postgresql://nowhere'), letterheadWith(), {
    matter: async () => null,
  }).compose(
    { messageId: '<1@facet.example>', createdAt: new Date(0) },
    { ...facts, ...changes },
    'hot@lab.example',
  );

describe('an order sheet by e-mail', () => {
  it('says what to deliver when, in local time and MBq, and names nobody', () => {
    const letter = compose();
    expectWholeLetter(letter);
    expect(letter.subject).toBe('Order of doses for Tuesday 30 March 2027, version 1');
    for (const part of [letter.text, letter.html]) {
      expect(part).toContain('713.4 MBq at 08:00');
      expect(part).toContain('Delivered by 07:30, for injection at 14:00');
      expect(part).toContain('D00000002');
      expect(part).toContain('2 doses.');
    }
  });

  it('says that it was amended, cancelled or agreed on', () => {
    const amended = compose({ status: 'AMENDED', version: 2, agreedWith: 'Sam' });
    expectWholeLetter(amended);
    expect(amended.subject).toMatch(/^Amended order/);
    expect(amended.text).toContain('in place of every earlier one');
    expect(amended.text).toContain('as agreed with Sam');
    const cancelled = compose({ status: 'CANCELLED', version: 3, doses: [] });
    expectWholeLetter(cancelled);
    expect(cancelled.text).toContain('deliver nothing');
  });

  it('makes nothing of hostile names', () => {
    expectWholeLetter(
      compose({
        siteName: HOSTILE_NAME,
        supplier: { name: HOSTILE_NAME, email: null },
        agreedWith: HOSTILE_NAME,
      }),
    );
  });

  it('goes to the address of the supplier, and is told by hand where there is none', () => {
    expect(decideDoseOrderLetter(facts)).toEqual({ verdict: 'SEND', address: 'hot@lab.example' });
    const unknown = { ...facts, supplier: { name: 'Central', email: null } };
    expect(decideDoseOrderLetter(unknown)).toMatchObject({ code: 'NO_EMAIL_ADDRESS' });
    expect(decideDoseOrderLetter(null)).toMatchObject({ verdict: 'SUPERSEDED' });
  });
});
