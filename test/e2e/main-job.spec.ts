import ICAL from 'ical.js';
import type { ParsedMail } from 'mailparser';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { facetHouse, type RunningService } from '../support/facet.js';
import { type SignedInClient, signInAs } from '../support/graphql.js';
import { calendarOf } from '../support/mailbox.js';
import { startSmtp, type TestSmtp } from '../support/smtp.js';
import { until } from '../support/until.js';
import { askWorklist, echo, inStep, onDays } from './console.js';
import {
  type Booking,
  book,
  cancel,
  type DemoReferral,
  findOffers,
  first,
  move,
  referralOf,
  toVisit,
} from './visits.js';

// The main job from the desk to the camera and back, through every real door of the built service.

const house = facetHouse();
let smtp: TestSmtp;
let service: RunningService;
let reception: SignedInClient;
let referral: DemoReferral;
let booked: Booking;
let moved: Booking;
let cancelled: Booking;

beforeAll(async () => {
  smtp = await startSmtp();
  service = await house.start(await house.newHome(), { SMTP_URL: smtp.url });
  reception = await signInAs(service, 'reception');
  referral = await referralOf(reception, 'Brontë-Hale');
});

afterAll(() => smtp?.stop());

const dicomDay = (date: string): string => date.replaceAll('-', '');
const dicomTime = (time: string): string => `${time.replace(':', '')}00`;

function invitation(mail: ParsedMail | undefined) {
  if (mail === undefined) throw new Error('the mail did not come');
  const text = calendarOf(mail);
  if (text === null) throw new Error('the mail has no calendar file');
  const calendar = new ICAL.Component(ICAL.parse(text));
  const component = first(calendar.getAllSubcomponents('vevent'), 'event');
  return { calendar, component, event: new ICAL.Event(component) };
}

/** `2026-07-03T09:30` as the calendar file says it: the wall clock, not an instant. */
const wall = (time: ICAL.Time): string => time.toString().slice(0, 16);
const wallOf = (moment: { date: string; time: string }): string => `${moment.date}T${moment.time}`;

describe('a booking', () => {
  it('is made from an offer', async () => {
    const { offers, obstacles, earliestOn } = await findOffers(reception, referral.id);
    expect(obstacles).toEqual([]);
    const offer = first(offers, 'offer');
    expect(offer.scanLocal.date >= earliestOn).toBe(true);
    booked = await book(reception, referral.id, toVisit(offer));
    expect(booked).toMatchObject({
      status: 'BOOKED',
      patientId: referral.patient.id,
      injectionStartsAt: offer.injectionStartsAt,
      scanStartsAt: offer.scanStartsAt,
      scanLocal: offer.scanLocal,
    });
    expect(booked.worklistEntries).toHaveLength(1);
  });

  it.each(['explicit', 'implicit'] as const)(
    'is on the scanner’s worklist of its day (%s VR)',
    async (syntax) => {
      const keys = onDays(booked.scanLocal.date);
      const { exitCode, answers, log } = await askWorklist({ port: service.dicomPort, syntax, keys });
      expect(exitCode, log).toBe(0);
      expect(answers.map((answer) => Object.fromEntries(answer))).toEqual([
        expect.objectContaining({
          SpecificCharacterSet: 'ISO_IR 192',
          PatientName: 'Brontë-Hale^Zoë^^Ms',
          PatientID: referral.patient.localNumber,
          PatientBirthDate: '19740518',
          PatientSex: 'F',
          AccessionNumber: booked.accessionNumber,
          StudyInstanceUID: booked.studyInstanceUID,
          Modality: 'NM',
          ScheduledStationAETitle: 'SPECTCT1',
          ScheduledProcedureStepStartDate: dicomDay(booked.scanLocal.date),
          ScheduledProcedureStepStartTime: dicomTime(booked.scanLocal.time),
          ScheduledProcedureStepID: booked.worklistEntries[0]?.scheduledProcedureStepId,
        }),
      ]);
    },
  );

  it('is found by each matching key, and not by another’s', async () => {
    const count = async (keys: Readonly<Record<string, string>>): Promise<number> => {
      const { exitCode, answers, log } = await askWorklist({ port: service.dicomPort, keys });
      expect(exitCode, log).toBe(0);
      return answers.length;
    };
    expect(await count({})).toBe(1);
    expect(await count({ PatientName: 'Bront*' })).toBe(1);
    expect(await count({ PatientName: '*Hale^Zo?*' })).toBe(1);
    expect(await count({ PatientName: 'Marsh*' })).toBe(0);
    expect(await count({ PatientID: referral.patient.localNumber })).toBe(1);
    expect(await count({ PatientID: 'F9999999' })).toBe(0);
    expect(await count(inStep('Modality', 'NM'))).toBe(1);
    expect(await count(inStep('Modality', 'MR'))).toBe(0);
    expect(await count(inStep('ScheduledStationAETitle', 'SPECTCT1'))).toBe(1);
    expect(await count(inStep('ScheduledStationAETitle', 'OTHER'))).toBe(0);
    expect(await count(onDays('2026-01-01', booked.scanLocal.date))).toBe(1);
    expect(await count(onDays('2026-01-01', '2026-01-31'))).toBe(0);
    expect(
      await count(inStep('ScheduledProcedureStepStartDate', `${dicomDay(booked.scanLocal.date)}-`)),
    ).toBe(1);
    expect(await count({ AccessionNumber: booked.accessionNumber })).toBe(1);
  });

  it('is found by a name that is asked for in ISO_IR 192', async () => {
    const keys = { SpecificCharacterSet: 'ISO_IR 192', PatientName: 'Brontë-Hale^Zoë*' };
    const { answers } = await askWorklist({ port: service.dicomPort, keys });
    expect(answers).toHaveLength(1);
  });

  it('moves with its worklist entry to the new day only', async () => {
    const { offers } = await findOffers(reception, referral.id, {
      movingScanBookingId: booked.id,
      limit: 50,
    });
    const elsewhere = offers.filter(({ scanLocal }) => scanLocal.date !== booked.scanLocal.date);
    moved = await move(reception, booked, toVisit(first(elsewhere, 'offer on another day')));
    expect(moved).toMatchObject({ id: booked.id, status: 'BOOKED', accessionNumber: booked.accessionNumber });
    expect(moved.version).toBe(booked.version + 1);
    const answersOn = async (date: string) =>
      (await askWorklist({ port: service.dicomPort, keys: onDays(date) })).answers;
    expect(await answersOn(booked.scanLocal.date)).toEqual([]);
    const [answer, ...others] = await answersOn(moved.scanLocal.date);
    expect(others).toEqual([]);
    expect(answer?.get('AccessionNumber')).toBe(booked.accessionNumber);
    expect(answer?.get('ScheduledProcedureStepStartTime')).toBe(dicomTime(moved.scanLocal.time));
  });

  it('is gone from the worklist when it is cancelled', async () => {
    // The letter about the move must be out first: one that has not left is rightly overtaken by the cancellation.
    await until(() => smtp.accepted.length >= 2);
    cancelled = await cancel(reception, moved);
    expect(cancelled).toMatchObject({ id: booked.id, status: 'CANCELLED', worklistEntries: [] });
    const { exitCode, answers } = await askWorklist({ port: service.dicomPort });
    expect([exitCode, answers]).toEqual([0, []]);
    expect(await echo({ port: service.dicomPort })).toBe(true);
  });
});

describe('the letters', () => {
  it('are three, one for each version, to the patient', async () => {
    await until(() => smtp.accepted.length >= 3);
    const query = `query Letters($filter: LetterFilterInput!) {
      letters(filter: $filter) { items { kind status subjectVersion task } } }`;
    const ledger = async () =>
      (
        await reception.ask<{ letters: { items: { kind: string; status: string }[] } }>(query, {
          filter: { scanBookingId: booked.id },
        })
      ).letters.items;
    // The server has taken the letter a moment before that is written down.
    await until(async () => (await ledger()).every(({ status }) => status === 'SENT'));
    expect((await ledger()).map(({ kind }) => kind)).toEqual(['SCAN_CANCELLED', 'SCAN_MOVED', 'SCAN_BOOKED']);
    expect(smtp.received).toHaveLength(3);
    for (const mail of smtp.received) {
      const to = [mail.to ?? []].flat().flatMap(({ value }) => value.map(({ address }) => address));
      expect(to).toEqual(['zoe.bronte-hale@example.org']);
      expect(mail.subject).not.toMatch(/pain|scan|spect|inject|tracer/i);
    }
  });

  it('carry an invitation, its change and its end', () => {
    const [one, two, three] = smtp.accepted.map(invitation);
    if (one === undefined || two === undefined || three === undefined) throw new Error('letters are missing');
    const methods = [one, two, three].map(({ calendar }) => calendar.getFirstPropertyValue('method'));
    expect(methods).toEqual(['REQUEST', 'REQUEST', 'CANCEL']);
    expect(new Set([one, two, three].map(({ event }) => event.uid)).size).toBe(1);
    const sequences = [one, two, three].map(({ event }) => Number(event.sequence));
    expect(sequences).toEqual([...sequences].sort((a, b) => a - b));
    expect(new Set(sequences).size).toBe(3);
    expect(three.component.getFirstPropertyValue('status')).toBe('CANCELLED');
  });

  it('say the clinic’s wall-clock time, with its time zone', () => {
    const told = [booked, moved, cancelled];
    for (const [index, mail] of smtp.accepted.entries()) {
      const { calendar, component, event } = invitation(mail);
      const visit = told[index];
      if (visit === undefined) throw new Error('more letters than versions');
      const zone = first(calendar.getAllSubcomponents('vtimezone'), 'time zone');
      expect(zone.getFirstPropertyValue('tzid')).toBe('Europe/London');
      for (const name of ['dtstart', 'dtend']) {
        expect(component.getFirstProperty(name)?.getParameter('tzid')).toBe('Europe/London');
      }
      expect(wall(event.startDate)).toBe(wallOf(visit.injectionLocal));
      const start = Date.parse(visit.injectionStartsAt);
      const lengthMs = Date.parse(visit.scanEndsAt) - start;
      expect(event.endDate.subtractDate(event.startDate).toSeconds() * 1000).toBe(lengthMs);
      expect(mail.text).toContain(visit.injectionLocal.time);
      if (index < 2) expect(mail.text).toContain(visit.scanLocal.time);
    }
  });
});

describe('the audit record', () => {
  it('says who did and looked at what', async () => {
    const manager = await signInAs(service, 'manager');
    const { auditEntries } = await manager.ask<{
      auditEntries: {
        items: {
          action: string;
          actorKind: string;
          actorId: string | null;
          actorLabel: string | null;
          source: string | null;
          requestId: string | null;
          before: string | null;
          after: string | null;
        }[];
      };
    }>(
      `query Audit($filter: AuditFilterInput!) { auditEntries(filter: $filter, page: { size: 100 }) {
        items { action actorKind actorId actorLabel source requestId before after } nextCursor } }`,
      { filter: { patientId: referral.patient.id } },
    );
    const { items } = auditEntries;
    for (const action of ['scan.booked', 'scan.moved', 'scan.cancelled']) {
      const entry = first(
        items.filter((item) => item.action === action),
        action,
      );
      expect(entry).toMatchObject({ actorKind: 'STAFF', actorId: reception.accountId, source: '127.0.0.1' });
      expect(entry.requestId).not.toBeNull();
      expect(JSON.parse(entry.after ?? 'null')).toMatchObject({ id: booked.id });
      expect(entry.before === null).toBe(action === 'scan.booked');
    }
    const looks = items.filter(({ actorKind }) => actorKind === 'SCANNER');
    expect(looks.length).toBeGreaterThan(0);
    expect(new Set(looks.map(({ actorLabel }) => actorLabel))).toEqual(new Set(['SPECTCT1']));
    expect(items.filter(({ action }) => action === 'letter.sent')).toHaveLength(3);
    expect(items.some(({ action }) => action === 'scan-offers.viewed')).toBe(true);
  });

  it('shows no other patient’s look in between', async () => {
    const manager = await signInAs(service, 'manager');
    const other = await referralOf(reception, 'Marsh');
    const { auditEntries } = await manager.ask<{ auditEntries: { items: { actorKind: string }[] } }>(
      `query Other($filter: AuditFilterInput!) {
        auditEntries(filter: $filter, page: { size: 100 }) { items { actorKind } } }`,
      { filter: { patientId: other.patient.id } },
    );
    expect(auditEntries.items.filter(({ actorKind }) => actorKind === 'SCANNER')).toEqual([]);
  });
});
