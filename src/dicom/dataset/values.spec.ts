import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isInRange, parseDay, parseRange, parseTime } from './dates-and-times.js';
import { isUid, uidFromUuid } from './uids.js';
import { validateValue } from './values.js';

describe('validateValue', () => {
  it.each([
    ['PatientName', 'DOE^JANE', null],
    ['PatientName', 'A'.repeat(64), null],
    ['PatientName', 'A'.repeat(65), 'too-long'],
    ['PatientName', `${'A'.repeat(64)}=${'B'.repeat(64)}`, null],
    ['PatientName', 'A^B^C^D^E^F', 'wrong-form'],
    ['PatientName', 'A=B=C=D', 'wrong-form'],
    ['PatientName', 'DOE\\JANE', 'backslash'],
    ['PatientName', 'DOE\nJANE', 'control-character'],
    ['PatientName', '😀'.repeat(64), null],
    ['PatientID', 'x'.repeat(64), null],
    ['PatientID', 'x'.repeat(65), 'too-long'],
    ['AccessionNumber', '1'.repeat(17), 'too-long'],
    ['PatientComments', 'first\nsecond \\ third', null],
    ['PatientComments', 'bell\u0007', 'control-character'],
    ['Modality', 'nm', 'wrong-form'],
    ['Modality', 'NM', null],
    ['PatientBirthDate', '20260230', 'wrong-form'],
    ['PatientBirthDate', '20260228', null],
    ['ScheduledStationAETitle', 'SPECT 1', null],
    ['ScheduledStationAETitle', '   ', 'wrong-form'],
    ['ScheduledStationAETitle', 'STATION_SEVENTEEN', 'too-long'],
    ['StudyInstanceUID', '1.02.3', 'wrong-form'],
    ['Rows', '1', 'not-text'],
    ['LO', '', null],
    ['TM', '10:30', 'wrong-form'],
  ])('%s %j is %s', (keyword, text, code) => {
    expect(validateValue(keyword, text)?.code ?? null).toBe(code);
  });
});

describe('UIDs', () => {
  it('come from UUIDs as PS3.5 Annex B.2 shows', () => {
    expect(uidFromUuid('f81d4fae-7dec-11d0-a765-00a0c91e6bf6')).toBe(
      '2.25.329800735698586629295641978511506172918',
    );
    expect(uidFromUuid('00000000-0000-0000-0000-000000000000')).toBe('2.25.0');
    expect(isUid(uidFromUuid('ffffffff-ffff-ffff-ffff-ffffffffffff'))).toBe(true);
    expect(() => uidFromUuid('1.2.3')).toThrow(TypeError);
  });

  it('have a form', () => {
    expect(['1.2.3', '0.0', '1.2.840.10008.1.1'].every(isUid)).toBe(true);
    expect(['', '1', '1.', '.1', '1..2', '1.02', '1.a', `1.${'2'.repeat(63)}`].some(isUid)).toBe(false);
  });
});

describe('dates and times', () => {
  it('agree with the calendar', () => {
    const day = fc.date({ min: new Date('1900-01-01'), max: new Date('2100-12-31'), noInvalidDate: true });
    fc.assert(
      fc.property(day, (date) => {
        const text = date.toISOString().slice(0, 10).replaceAll('-', '');
        expect(parseDay(text)).toBe(text);
      }),
    );
    expect(
      ['20260229', '19000229', '20261301', '20260100', '2026011', '', '2026-01-01'].map(parseDay),
    ).toEqual(Array(7).fill(null));
    expect(parseDay('20240229')).toBe('20240229');
    expect(parseDay('2024.02.29')).toBe('20240229');
  });

  it('compare times by meaning', () => {
    expect(parseTime('2230')).toBe(parseTime('223000.000000'));
    expect(parseTime('10:30')).toBe(parseTime('1030'));
    expect(['24', '1060', '1', '103', '10301', '103000.', '1030.5', ''].map(parseTime)).toEqual(
      Array(8).fill(null),
    );
  });

  it('match ranges as a reference does', () => {
    const two = (value: number): string => String(value).padStart(2, '0');
    const time = fc.tuple(fc.nat(23), fc.nat(59)).map(([hours, minutes]) => `${two(hours)}${two(minutes)}`);
    const maybe = fc.option(time, { nil: '' });
    fc.assert(
      fc.property(time, maybe, maybe, (value, from, to) => {
        const range = parseRange(`${from}-${to}`, parseTime);
        if (from === '' && to === '') {
          expect(range).toBeNull();
          return;
        }
        if (range === null) throw new Error('a range');
        const expected = (from === '' || value >= from) && (to === '' || value <= to);
        expect(isInRange(parseTime(`${value}00`) ?? -1, range)).toBe(expected);
      }),
    );
  });
});
