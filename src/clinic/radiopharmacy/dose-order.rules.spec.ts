import { describe, expect, it } from 'vitest';
import { DoseOrderStatus } from '../../platform/database/generated/enums.js';
import { Temporal } from '../../platform/time/index.js';
import {
  actionsOf,
  changeOf,
  DoseOrderAction,
  isSameSheet,
  orderAfter,
  type SheetDose,
  sheetText,
  toBeTold,
} from './dose-order.rules.js';

const at = (text: string) => Temporal.Instant.from(text);
const dose = (reference: string, activityAtCalibrationMbq: number, injection: string): SheetDose => ({
  plannedDoseId: reference,
  reference,
  tracerCode: 'TC99M_MDP',
  tracerName: 'Tc-99m medronate (MDP)',
  injectionAt: at(injection),
  deliversAt: at('2027-03-30T06:30:00Z'),
  calibratedAt: at('2027-03-30T07:00:00Z'),
  activityAtCalibrationMbq,
});
const FIRST = dose('D00000001', 713.42, '2027-03-30T08:30:00Z');
const SECOND = dose('D00000002', 1198.06, '2027-03-30T13:00:00Z');

describe('an order', () => {
  const allowed: Record<DoseOrderStatus, Partial<Record<DoseOrderAction, DoseOrderStatus>>> = {
    DRAFT: { SEND: 'SENT' },
    SENT: { AMEND: 'AMENDED', CANCEL: 'CANCELLED' },
    AMENDED: { AMEND: 'AMENDED', CANCEL: 'CANCELLED' },
    CANCELLED: { SEND: 'SENT' },
  };

  it.each(Object.values(DoseOrderStatus))(
    'that is %s goes where the table says and nowhere else',
    (status) => {
      for (const action of Object.values(DoseOrderAction))
        expect(orderAfter(status, action)).toBe(allowed[status][action] ?? null);
      expect(actionsOf(status)).toEqual(Object.keys(allowed[status]));
    },
  );

  it('reaches every state', () => {
    const reached = Object.values(allowed).flatMap((row) => Object.values(row));
    expect(new Set(['DRAFT', ...reached])).toEqual(new Set(Object.values(DoseOrderStatus)));
  });
});

describe('a sheet beside what the supplier has', () => {
  it('is the same when nobody would read a difference', () => {
    expect(isSameSheet([FIRST], [{ ...FIRST, activityAtCalibrationMbq: 713.44 }])).toBe(true);
    expect(isSameSheet([FIRST, SECOND], [SECOND, FIRST])).toBe(true);
    expect(isSameSheet([], [])).toBe(true);
  });

  it('says which doses are new and which differ', () => {
    expect(changeOf(FIRST, [FIRST, SECOND])).toBe('SAME');
    expect(changeOf(FIRST, [SECOND])).toBe('ADDED');
    expect(changeOf(FIRST, [{ ...FIRST, activityAtCalibrationMbq: 720 }])).toBe('CHANGED');
    expect(changeOf(FIRST, [{ ...FIRST, calibratedAt: at('2027-03-30T12:00:00Z') }])).toBe('CHANGED');
    expect(changeOf(FIRST, [{ ...FIRST, tracerCode: 'TC99M_HDP' }])).toBe('CHANGED');
    expect(isSameSheet([FIRST], [FIRST, SECOND])).toBe(false);
  });

  it('is what would be told next', () => {
    expect(toBeTold(null, true)).toEqual({ status: 'DRAFT', version: 0 });
    expect(toBeTold({ status: 'SENT', version: 1 }, true)).toEqual({ status: 'SENT', version: 1 });
    expect(toBeTold({ status: 'SENT', version: 1 }, false)).toEqual({ status: 'AMENDED', version: 2 });
    expect(toBeTold({ status: 'CANCELLED', version: 2 }, false)).toEqual({ status: 'DRAFT', version: 3 });
    expect(toBeTold({ status: 'CANCELLED', version: 2 }, true)).toEqual({ status: 'CANCELLED', version: 2 });
  });
});

describe('the text for the supplier', () => {
  const facts = {
    clinicName: 'Facet Pain Clinic',
    siteName: 'Main clinic',
    supplierName: 'Central Radiopharmacy',
    heldOn: Temporal.PlainDate.from('2027-03-30'),
    status: 'SENT',
    version: 1,
    timeZone: 'Europe/London',
    doses: [FIRST, SECOND],
  } as const;

  it('has local times, MBq and references, the day after the clocks went forward', () => {
    expect(sheetText(facts)).toBe(
      [
        'Order of doses',
        '',
        'To: Central Radiopharmacy',
        'From: Facet Pain Clinic, Main clinic',
        'For: Tuesday 30 March 2027',
        'Version: 1',
        '',
        '1. D00000001: Tc-99m medronate (MDP), 713.4 MBq at 08:00, delivered by 07:30, for injection at 09:30',
        '2. D00000002: Tc-99m medronate (MDP), 1198.1 MBq at 08:00, delivered by 07:30, for injection at 14:00',
        '',
        '2 doses, 1911.5 MBq at the times stated. Times are local.',
        '',
      ].join('\n'),
    );
  });

  it('says first that it is a draft, amended or cancelled', () => {
    expect(sheetText({ ...facts, status: 'DRAFT', version: 0 })).toMatch(
      /^Order of doses \(draft, not sent\)/,
    );
    expect(sheetText({ ...facts, status: 'AMENDED', version: 2 })).toMatch(/^AMENDED[\s\S]*Version: 2/);
    const cancelled = sheetText({ ...facts, status: 'CANCELLED', version: 3, doses: [] });
    expect(cancelled).toMatch(/^CANCELLED[\s\S]*No doses\.\n$/);
    expect(sheetText({ ...facts, doses: [FIRST] })).toContain('1 dose, 713.4 MBq');
  });
});
