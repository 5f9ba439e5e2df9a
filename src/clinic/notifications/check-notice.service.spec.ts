import { describe, expect, it } from 'vitest';
import { letterheadWith } from '../../../test/support/whole-letter.js';
import type { Database } from '../../platform/database/database.service.js';
import { Temporal } from '../../platform/time/index.js';
import type { DecisionAwaitedMatter } from '../checks/check-letter.type.js';
import type { ScanBooking } from '../imaging/scan-booking.type.js';
import { CheckNoticeService } from './check-notice.service.js';
import { ClinicNoticeService } from './clinic-notice.service.js';

const CHECK_ID = '0f9b1c1e-0000-7000-8000-000000000001';
const LETTER = {
  ...({ kind: 'CHECK_AWAITS_DECISION', subjectId: CHECK_ID, subjectVersion: 0 } as const),
  ...{ messageId: '<1@facet.example>', createdAt: new Date(0) },
};
const MATTER: DecisionAwaitedMatter = {
  visitId: '0f9b1c1e-0000-7000-8000-000000000002',
  patientId: '0f9b1c1e-0000-7000-8000-000000000003',
  // Half past nine in summer time.
  madeAt: Temporal.Instant.from('2026-03-30T08:30:00Z'),
};

/** `accessionNumber` null: the visit is no scan. */
function noticeOf(matter: DecisionAwaitedMatter | null, accessionNumber: string | null = 'A000000123') {
  const letterhead = letterheadWith();
  const asked: string[] = [];
  const decisionMatter = async (_: unknown, checkId: string) => {
    asked.push(checkId);
    return matter;
  };
  const scan = { accessionNumber } as ScanBooking;
  const ofVisits = async (ids: readonly string[]) =>
    new Map(accessionNumber === null ? [] : ids.map((id) => [id, scan]));
  const notices = new ClinicNoticeService(letterhead);
  const database = { client: {} } as Database;
  const notice = new CheckNoticeService(database, letterhead, notices, { decisionMatter }, { ofVisits });
  return { notice, asked };
}

async function messageOf(notice: CheckNoticeService) {
  const written = await notice.write(LETTER);
  if (written.verdict !== 'SEND') throw new Error(written.code);
  return written.message;
}

describe('a check that waits for a practitioner', () => {
  it('is told to the clinic, urgently, by the accession number of its scan', async () => {
    const { notice, asked } = noticeOf(MATTER);
    expect(await notice.opening(LETTER)).toMatchObject({
      ...{ recipient: 'CLINIC', patientId: MATTER.patientId },
      ...{ aboutType: 'SCAN_BOOKING', aboutId: MATTER.visitId },
    });
    const message = await messageOf(notice);
    expect(message).toMatchObject({
      isUrgent: true,
      subject: 'URGENT: a decision is awaited, A000000123',
    });
    for (const part of [message.text, message.html]) {
      expect(part).toContain('Monday 30 March 2026 at 09:30');
      expect(part).not.toMatch(/pregnan|safety|identity/i);
    }
    expect(asked).toEqual([CHECK_ID, CHECK_ID]);
  });

  it('of a visit that is no scan is known by that visit', async () => {
    const { notice } = noticeOf(MATTER, null);
    expect(await notice.opening(LETTER)).toMatchObject({ aboutType: 'VISIT', aboutId: MATTER.visitId });
    expect((await messageOf(notice)).subject).toContain(MATTER.visitId);
  });

  it('is told no more once it was decided, and opens no letter', async () => {
    const { notice } = noticeOf(null);
    expect(await notice.opening(LETTER)).toBeNull();
    expect(await notice.write(LETTER)).toMatchObject({ verdict: 'SUPERSEDED' });
    expect(await notice.wording(LETTER)).toBeNull();
  });
});
