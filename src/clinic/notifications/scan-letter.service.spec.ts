import { describe, expect, it } from 'vitest';
import { Temporal } from '../../platform/time/index.js';
import type { ScanLetterFacts } from '../imaging/scan-letter.type.js';
import { LetterheadService } from './letterhead.service.js';
import type { ScanLetterKind } from './scan-letter.rules.js';
import { ScanLetterService } from './scan-letter.service.js';

const at = (text: string) => Temporal.Instant.from(text);
const letterhead = new LetterheadService({
  mailFrom: 'Facet Pain Clinic <clinic@facet.example>',
  mailReplyTo: undefined,
  clinicNoticesTo: [],
  clinicTimeZone: 'Europe/London',
  clinicTelephone: undefined,
  clinicAddressLines: [],
});
const service = new ScanLetterService(letterhead, { letterFacts: async () => null });
const KINDS = ['SCAN_BOOKED', 'SCAN_MOVED', 'SCAN_CANCELLED'] as const;
const facts: ScanLetterFacts = {
  bookingId: '0f9b1c1e-0000-7000-8000-000000000001',
  version: 1,
  status: 'BOOKED',
  bookedAt: at('2026-11-22T10:00:00Z'),
  changedAt: at('2026-11-23T11:00:00Z'),
  injectionStartsAt: at('2026-12-03T09:30:00Z'),
  injectionEndsAt: at('2026-12-03T09:45:00Z'),
  scanStartsAt: at('2026-12-03T12:45:00Z'),
  scanEndsAt: at('2026-12-03T13:30:00Z'),
  procedureName: 'Bone SPECT-CT',
  cancelReason: null,
  patientId: '0f9b1c1e-0000-7000-8000-000000000002',
  patient: {
    familyName: 'O’Brien <b>',
    givenName: 'Zoë',
    namePrefix: 'Ms',
    email: 'zoe@example.org',
    contactPreference: 'EMAIL',
  },
  toldTheSame: new Set(),
  places: { injectionRoom: 'Room 2', camera: 'Camera A' },
};
const line = (kind: ScanLetterKind) => ({
  kind,
  messageId: '<1@facet.example>',
  createdAt: new Date(facts.changedAt.epochMilliseconds),
});
const compose = (kind: ScanLetterKind, announced = true, changes: Partial<ScanLetterFacts> = {}) =>
  service.compose(line(kind), { ...facts, ...changes }, 'zoe@example.org', announced);

describe('letters about a scan', () => {
  const all = KINDS.map((kind) => [kind, compose(kind)] as const);

  it.each(all)('%s says nothing of health in its subject or in the calendar', (_, letter) => {
    const clinical = /pain(?! clinic)|scan|spect|bone|inject|nuclear|tracer/i;
    expect(letter.subject).toContain('Thursday 3 December 2026');
    expect(letter.subject.replace('Facet Pain Clinic', '')).not.toMatch(clinical);
    const event = letter.calendar?.content.replace(/UID:.*|Facet Pain\s+Clinic/g, '') ?? '';
    expect(/SUMMARY:(.*)/.exec(event)?.[1]).not.toMatch(clinical);
    expect(/DESCRIPTION:(.*)/.exec(event)?.[1]).not.toMatch(clinical);
  });

  it.each(all)('%s is whole, in both parts', (_, letter) => {
    for (const part of [letter.html, letter.text]) {
      expect(part).toContain('Thursday 3 December 2026 at 09:30');
      expect(part).toContain('Facet Pain Clinic');
      expect(part).not.toMatch(/\{\{|\}\}|undefined|null|\[object/);
    }
    expect(letter.text).toContain('Dear Ms O’Brien <b>,');
    expect(letter.text).not.toMatch(/<\/|&[a-z#0-9]+;/);
    expect(Math.max(...letter.text.split('\n').map((row) => row.length))).toBeLessThanOrEqual(90);
  });

  it.each(all)('%s can be read with a screen reader and does not let a name become mark-up', (_, letter) => {
    expect(letter.html).toMatch(/^<!doctype html>\n<html lang="en-GB">/);
    expect(letter.html).toMatch(/<title>[^<]+<\/title>/);
    expect(letter.html.match(/<h1>/g)).toHaveLength(1);
    expect(letter.html).not.toMatch(/<table|<img|<a |http/);
    expect(letter.html).toContain('Dear Ms O’Brien &lt;b&gt;,');
  });

  it('tell how to prepare, when there is a visit', () => {
    for (const kind of ['SCAN_BOOKED', 'SCAN_MOVED'] as const) {
      const { text } = compose(kind);
      for (const words of [
        'pregnant',
        'breastfeeding',
        'drink plenty',
        'empty your bladder',
        'medicines',
        'WHAT TO BRING',
      ]) {
        expect(text).toContain(words);
      }
      expect(text).toMatch(/09:30 {2}Injection, Room 2/);
      expect(text).toMatch(/12:45 {2}Scan, Camera A/);
    }
    expect(compose('SCAN_CANCELLED').text).not.toContain('HOW TO PREPARE');
  });

  it('of a move speak of an earlier letter only when there was one', () => {
    expect(compose('SCAN_MOVED', true).text).toContain('takes the place of our earlier one');
    const first = compose('SCAN_MOVED', false);
    expect(first.text).not.toContain('earlier');
    expect(first.html).toContain('<h1>Your appointment is booked</h1>');
    expect(first.subject).toBe('Your appointment on Thursday 3 December 2026');
  });

  it('of a cancellation say why, as far as it helps', () => {
    const why = (cancelReason: ScanLetterFacts['cancelReason']) =>
      compose('SCAN_CANCELLED', true, { status: 'CANCELLED', cancelReason }).text;
    expect(why('PATIENT_REQUEST')).toContain('You asked us to cancel it.');
    expect(why('OTHER')).not.toContain('OTHER');
  });

  it('carry one event that later versions replace', () => {
    const moved = compose('SCAN_MOVED').calendar;
    const gone = compose('SCAN_CANCELLED', true, { version: 2, status: 'CANCELLED' }).calendar;
    expect([moved?.method, gone?.method]).toEqual(['REQUEST', 'CANCEL']);
    const uidOf = (text = '') => /^UID:(.*)\r$/m.exec(text)?.[1];
    expect(uidOf(moved?.content)).toBe(`scan-${facts.bookingId}@facet`);
    expect(uidOf(gone?.content)).toBe(uidOf(moved?.content));
    expect(moved?.content).toContain('SEQUENCE:1\r\n');
    expect(gone?.content).toContain('SEQUENCE:2\r\n');
    expect(moved?.content.match(/BEGIN:VEVENT/g)).toHaveLength(1);
    expect(moved?.content).toContain('DTSTART;TZID=Europe/London:20261203T093000\r\n');
    expect(moved?.content).toContain('DTEND;TZID=Europe/London:20261203T133000\r\n');
    expect(moved?.content).toContain('DTSTAMP:20261123T110000Z\r\n');
  });
});
