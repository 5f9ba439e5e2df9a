import { describe, expect, it } from 'vitest';
import { Temporal } from '../../platform/time/index.js';
import type { FreedPlaceLetterFacts } from '../visits/freed-place-letter.type.js';
import type { FreedPlaceLetterKind } from './freed-place-letter.rules.js';
import { FreedPlaceLetterService } from './freed-place-letter.service.js';
import { LetterheadService } from './letterhead.service.js';

const at = (text: string) => Temporal.Instant.from(text);
const letterhead = new LetterheadService({
  mailFrom: 'Facet Pain Clinic <clinic@facet.example>',
  mailReplyTo: undefined,
  clinicNoticesTo: [],
  clinicTimeZone: 'Europe/London',
  clinicTelephone: '020 7946 0000',
  clinicAddressLines: ['1 Harbour Street', 'London N1 9GU'],
});
const service = new FreedPlaceLetterService(letterhead, { letterFacts: async () => null });

const facts: FreedPlaceLetterFacts = {
  offerId: '0f9b1c1e-0000-7000-8000-000000000001',
  version: 0,
  status: 'SENT',
  visitTypeName: 'Physiotherapy',
  modality: 'IN_PERSON',
  startsAt: at('2026-03-30T08:30:00Z'),
  endsAt: at('2026-03-30T09:15:00Z'),
  presentStartsAt: null,
  sentAt: at('2026-03-27T10:00:00Z'),
  answerBy: at('2026-03-29T12:00:00Z'),
  siteCode: 'MAIN',
  site: { name: 'Main clinic', addressLines: [] },
  patientId: '0f9b1c1e-0000-7000-8000-000000000002',
  hasDied: false,
  patient: {
    familyName: 'Müller <b>',
    givenName: 'Jürgen',
    namePrefix: 'Dr',
    email: 'juergen@example.org',
    contactPreference: 'EMAIL',
  },
};

const compose = (kind: FreedPlaceLetterKind, changes: Partial<FreedPlaceLetterFacts> = {}) => {
  const line = { kind, messageId: '<1@facet.example>', createdAt: new Date(0) };
  return service.compose(line, { ...facts, ...changes }, 'juergen@example.org');
};

const all = (['FREED_PLACE_OFFERED', 'FREED_PLACE_GONE'] as const).flatMap((kind) =>
  (['IN_PERSON', 'TELEPHONE', 'VIDEO'] as const).map(
    (modality) => [kind, modality, compose(kind, { modality })] as const,
  ),
);

describe('letters about a place that fell free', () => {
  it.each(all)('%s %s is whole, and says nothing of health in its subject', (_, __, letter) => {
    expect(letter.subject).toContain('Monday 30 March 2026');
    expect(letter.subject).not.toMatch(/physio|pain|treat/i);
    for (const part of [letter.html, letter.text]) {
      expect(part).toContain('Monday 30 March 2026 at 09:30');
      expect(part).toContain('ring 020 7946 0000');
      expect(part).not.toMatch(/\{\{|\}\}|undefined|null|\[object/);
    }
    expect(letter.text).toContain('Dear Dr Müller <b>,');
    expect(letter.text).not.toMatch(/\n\n\n|<\/|&[a-z#0-9]+;/);
    expect(Math.max(...letter.text.split('\n').map((row) => row.length))).toBeLessThanOrEqual(90);
    expect(letter.html).toMatch(/^<!doctype html>\n<html lang="en-GB">/);
    expect(letter.html.match(/<h1>/g)).toHaveLength(1);
    expect(letter.html).toContain('Dear Dr Müller &lt;b&gt;,');
    expect(letter.html).not.toMatch(/<table|<img|<a |http/);
  });

  it('carry no calendar entry: nothing is booked', () => {
    for (const [, , letter] of all) expect(letter.calendar).toBeUndefined();
  });

  it('offer it: what, when, where, and until when and how to answer', () => {
    const { text } = compose('FREED_PLACE_OFFERED');
    expect(text).toMatchInlineSnapshot(`
      "Dear Dr Müller <b>,

      There is a free place at Facet Pain Clinic on
      Monday 30 March 2026 at 09:30.
      You are waiting for an appointment of this kind, and can have it if you wish.

      TO TAKE IT

      Please ring 020 7946 0000 before
      Sunday 29 March 2026 at 13:00.
      Do not answer by e-mail: we might read it too late. We may ask several people,
      and whoever says yes first has the place; nothing is booked for you until then.

      If you do not want it, you need do nothing. You keep your turn and go on
      waiting as before. It helps others if you tell us that you do not want it.

      WHEN AND WHERE

      It is for: Physiotherapy.
      It begins on Monday 30 March 2026 at 09:30, and we expect it to be
      over by 10:15: about 45 minutes in all. All times are local time.

      You come to the clinic, to reception first. The address is:

        1 Harbour Street
        London N1 9GU

      Yours sincerely,
      Facet Pain Clinic

      --
      This letter was written by our booking system (wording 2026-11-24).
      If it is not for you, please tell us and delete it.
      "
    `);
  });

  it('tell who has an appointment that it stays until they say yes', () => {
    const presentStartsAt = at('2026-04-13T13:00:00Z');
    const { text, html } = compose('FREED_PLACE_OFFERED', { presentStartsAt });
    expect(text).toContain('YOUR PRESENT APPOINTMENT ON\nMonday 13 April 2026 at 14:00\nSTAYS AS IT IS');
    expect(text).toContain('you keep your present appointment');
    expect(text).not.toMatch(/waiting|keep your turn|nothing is booked for you/);
    expect(html).toContain('<strong>Monday 13 April 2026 at 14:00 stays as it is</strong>');
    const gone = compose('FREED_PLACE_GONE', { status: 'GONE', presentStartsAt });
    expect(gone.text).toContain('Your appointment on\nMonday 13 April 2026 at 14:00\nstays as it is.');
    expect(gone.text).not.toMatch(/waiting/);
    for (const letter of [text, gone.text]) {
      expect(letter).not.toMatch(/\n\n\n|\{\{/);
      expect(Math.max(...letter.split('\n').map((row) => row.length))).toBeLessThanOrEqual(90);
    }
  });

  it('tell that it has gone, and that the request goes on waiting', () => {
    const { text } = compose('FREED_PLACE_GONE', { status: 'GONE' });
    expect(text).toContain('NOTHING IS BOOKED FOR YOU AT THAT TIME.');
    expect(text).toContain('go on waiting as before');
    expect(text).not.toContain('Physiotherapy');
  });
});
