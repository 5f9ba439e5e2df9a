import { describe, expect, it } from 'vitest';
import { Temporal } from '../../platform/time/index.js';
import type { VisitLetterFacts } from '../visits/visit-letter.type.js';
import type { EarlierLetter } from './letter-verdict.rules.js';
import { LetterheadService } from './letterhead.service.js';
import type { VisitLetterKind } from './visit-letter.rules.js';
import { VisitLetterService } from './visit-letter.service.js';

const at = (text: string) => Temporal.Instant.from(text);
const letterhead = new LetterheadService({
  mailFrom: 'Facet Pain Clinic <clinic@facet.example>',
  mailReplyTo: undefined,
  clinicNoticesTo: [],
  clinicTimeZone: 'Europe/London',
  clinicTelephone: '020 7946 0000',
  clinicAddressLines: ['1 Harbour Street', 'London N1 9GU'],
});
const service = new VisitLetterService(letterhead, { letterFacts: async () => null });

const step = (name: string, from: string, until: string) => ({
  name,
  startsAt: at(`2026-03-30T${from}:00Z`),
  endsAt: at(`2026-03-30T${until}:00Z`),
});
const same = { startsAt: at('2026-03-30T08:30:00Z'), beginsTheSame: true, isToldTheSame: true };
const facts: VisitLetterFacts = {
  visitId: '0f9b1c1e-0000-7000-8000-000000000001',
  version: 1,
  status: 'BOOKED',
  startsAt: at('2026-03-30T08:30:00Z'),
  visitTypeName: 'Nerve block',
  modality: 'IN_PERSON',
  attended: [
    step('Admission', '08:30', '08:45'),
    step('Procedure', '08:45', '09:15'),
    step('Review', '10:00', '10:15'),
  ],
  cancelReasonCode: null,
  bookedAt: at('2026-03-02T09:00:00Z'),
  changedAt: at('2026-03-03T11:00:00Z'),
  patientId: '0f9b1c1e-0000-7000-8000-000000000002',
  patient: {
    familyName: 'O’Brien <b>',
    givenName: 'Zoë',
    namePrefix: 'Ms',
    email: 'zoe@example.org',
    contactPreference: 'EMAIL',
  },
  site: { name: 'Main clinic', addressLines: [] },
  was: new Map([
    [0, same],
    [1, same],
  ]),
};
const sent: EarlierLetter = { kind: 'VISIT_BOOKED', subjectVersion: 0, status: 'SENT', outcomeCode: null };

const compose = (
  kind: VisitLetterKind,
  changes: Partial<VisitLetterFacts> = {},
  earlier: readonly EarlierLetter[] = [sent],
) => {
  const line = {
    kind,
    messageId: '<1@facet.example>',
    createdAt: new Date(facts.changedAt.epochMilliseconds),
  };
  return service.compose(line, { ...facts, ...changes }, 'zoe@example.org', earlier);
};
/** Lines of a calendar that were folded are whole again. */
const calendarOf = (letter: ReturnType<typeof compose>) =>
  (letter.calendar?.content ?? '').replaceAll('\r\n ', '').split('\r\n');

const KINDS = ['VISIT_BOOKED', 'VISIT_MOVED', 'VISIT_CANCELLED'] as const;
const MODALITIES = ['IN_PERSON', 'TELEPHONE', 'VIDEO'] as const;

describe('letters about a visit', () => {
  const all = KINDS.flatMap((kind) =>
    MODALITIES.map((modality) => [kind, modality, compose(kind, { modality })] as const),
  );

  it.each(all)('%s %s says nothing of health in its subject or in the calendar', (_, __, letter) => {
    const clinical = /pain|block|nerve|procedure|admission|review|treat/i;
    expect(letter.subject).toContain('Monday 30 March 2026');
    expect(letter.subject).not.toMatch(clinical);
    const calendar = calendarOf(letter).join('\n').replaceAll('Facet Pain Clinic', '');
    expect(calendar).not.toMatch(clinical);
  });

  it.each(all)('%s %s is whole, in both parts', (kind, _, letter) => {
    for (const part of [letter.html, letter.text]) {
      expect(part).toContain('Monday 30 March 2026 at 09:30');
      expect(part).toContain('Facet Pain Clinic');
      expect(part).toContain('ring 020 7946 0000');
      expect(part).not.toMatch(/\{\{|\}\}|undefined|null|\[object/);
      expect(part.includes('Nerve block')).toBe(kind !== 'VISIT_CANCELLED');
    }
    expect(letter.text).toContain('Dear Ms O’Brien <b>,');
    expect(letter.text).not.toMatch(/<\/|&[a-z#0-9]+;/);
    expect(letter.text).not.toMatch(/\n\n\n/);
    expect(Math.max(...letter.text.split('\n').map((row) => row.length))).toBeLessThanOrEqual(90);
  });

  it.each(all)(
    '%s %s can be read with a screen reader and does not let a name become mark-up',
    (_, __, { html }) => {
      expect(html).toMatch(/^<!doctype html>\n<html lang="en-GB">/);
      expect(html).toMatch(/<title>[^<]+<\/title>/);
      expect(html.match(/<h1>/g)).toHaveLength(1);
      expect(html).not.toMatch(/<table|<img|<a |http/);
      expect(html).toContain('Dear Ms O’Brien &lt;b&gt;,');
    },
  );

  it('say when to come, how long one waits between the parts, and when it ends', () => {
    expect(compose('VISIT_BOOKED').text).toMatchInlineSnapshot(`
      "Dear Ms O’Brien <b>,

      Your appointment at Facet Pain Clinic is on
      Monday 30 March 2026 at 09:30.

      WHEN AND WHERE

      It is for: Nerve block.
      It begins on Monday 30 March 2026 at 09:30, and we expect it to be
      over by 11:15: please plan for about 1 hour and 45 minutes in all.

      It has several parts:

        09:30  Admission
        09:45  Procedure
               Then you wait for about 45 minutes.
        11:00  Review
        11:15  Finish

      You come to the clinic, to reception first. The address is:

        1 Harbour Street
        London N1 9GU

      All times are local time. Your calendar file is attached.

      IF YOU CANNOT COME

      Reply to this e-mail or ring 020 7946 0000, as early as you can: somebody
      else may be glad of the time. Please tell us also if you need help on the day,
      such as an interpreter or step-free access.

      Yours sincerely,
      Facet Pain Clinic

      --
      This letter was written by our booking system (wording 2026-11-24).
      If it is not for you, please tell us and delete it.
      "
    `);
  });

  it('do not list the parts of a visit that has one', () => {
    const one = { attended: facts.attended.slice(0, 1) };
    for (const part of [compose('VISIT_BOOKED', one).text, compose('VISIT_BOOKED', one).html]) {
      expect(part).not.toMatch(/several parts|Admission/);
      expect(part).toContain('15 minutes');
    }
  });

  it('say where to come: the site’s own address before the clinic’s', () => {
    expect(compose('VISIT_BOOKED').text).toContain('  1 Harbour Street\n  London N1 9GU\n');
    const site = { name: 'North', addressLines: ['2 Hill Road', 'York'] };
    const letter = compose('VISIT_BOOKED', { site });
    expect(letter.text).toContain('  North\n  2 Hill Road\n  York\n');
    expect(letter.text).not.toContain('Harbour');
    expect(letter.html).toContain('<address>North<br>2 Hill Road<br>York<br></address>');
    expect(calendarOf(letter)).toContain('LOCATION:Facet Pain Clinic\\, North\\, 2 Hill Road\\, York');
  });

  it('do not call anybody to the clinic who is to be called or seen by video', () => {
    const telephone = compose('VISIT_BOOKED', { modality: 'TELEPHONE' });
    expect(telephone.text).toContain('WE CALL YOU');
    expect(calendarOf(telephone)).toContain('LOCATION:Facet Pain Clinic');
    const video = compose('VISIT_BOOKED', { modality: 'VIDEO' });
    expect(video.text).toContain('BY VIDEO');
    for (const { text, html } of [telephone, video]) {
      expect(text + html).not.toMatch(/Harbour|to reception|WHERE/);
      expect(text).toContain('WHEN AND HOW');
    }
    const gone = (modality: VisitLetterFacts['modality']) => compose('VISIT_CANCELLED', { modality }).text;
    expect(gone('IN_PERSON')).toContain('is cancelled. PLEASE DO NOT COME.');
    expect(gone('TELEPHONE')).toContain('is cancelled. WE WILL NOT CALL YOU.');
    expect(gone('VIDEO')).toContain('is cancelled. THERE IS NO VIDEO CALL.');
  });

  it('of a move speak of an earlier letter only when there was one', () => {
    expect(compose('VISIT_MOVED').text).toContain('takes the place of our earlier one');
    expect(compose('VISIT_MOVED').subject).toBe('Your appointment has a new time: Monday 30 March 2026');
    const first = compose('VISIT_MOVED', {}, []);
    expect(first.text).not.toContain('earlier');
    expect(first.html).toContain('<h1>Your appointment is booked</h1>');
    expect(first.subject).toBe('Your appointment on Monday 30 March 2026');
  });

  it('of a cancellation say why, as far as it helps', () => {
    const why = (cancelReasonCode: string) =>
      compose('VISIT_CANCELLED', { status: 'CANCELLED', cancelReasonCode }).text;
    expect(why('STAFF_ABSENT')).toContain('We do not have the staff that we need');
    expect(why('OTHER')).not.toContain('OTHER');
    expect(why('OF_THE_CLINIC')).not.toContain('CLINIC\n');
  });

  it('carry one event that later versions replace', () => {
    const moved = calendarOf(compose('VISIT_MOVED'));
    const gone = calendarOf(compose('VISIT_CANCELLED', { version: 2, status: 'CANCELLED' }));
    expect([moved, gone].map((lines) => lines.find((row) => row.startsWith('METHOD:')))).toEqual([
      'METHOD:REQUEST',
      'METHOD:CANCEL',
    ]);
    for (const lines of [moved, gone]) expect(lines).toContain(`UID:visit-${facts.visitId}@facet`);
    expect(moved).toContain('SEQUENCE:1');
    expect(gone).toContain('SEQUENCE:2');
    expect(moved.filter((row) => row === 'BEGIN:VEVENT')).toHaveLength(1);
    expect(moved).toContain('DTSTART;TZID=Europe/London:20260330T093000');
    expect(moved).toContain('DTEND;TZID=Europe/London:20260330T111500');
    expect(moved).toContain('DTSTAMP:20260303T110000Z');
  });
});
