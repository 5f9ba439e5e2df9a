import { describe, expect, it } from 'vitest';
import { letterheadWith } from '../../../test/support/whole-letter.js';
import type { Database } from '../../platform/database/database.service.js';
import { Temporal } from '../../platform/time/index.js';
import type { EntitlementReviewMatter } from '../entitlements/duty-letter.type.js';
import type { LicenceRenewalMatter } from '../entitlements/licence-letter.type.js';
import type { IncidentNotificationMatter } from '../incidents/incident-letter.type.js';
import { ClinicNoticeService } from './clinic-notice.service.js';
import { EntitlementNoticeService } from './entitlement-notice.service.js';
import { IncidentNoticeService } from './incident-notice.service.js';
import { LicenceNoticeService } from './licence-notice.service.js';

const database = { client: {} } as Database;
const id = '0f9b1c1e-0000-7000-8000-000000000001';
const notices = new ClinicNoticeService(letterheadWith());
const letter = <Kind extends string>(kind: Kind) => ({
  ...{ kind, subjectId: id, subjectVersion: 1, messageId: '<1@facet.example>', createdAt: new Date(0) },
});
const day = (text: string) => Temporal.PlainDate.from(text);

describe('a licence that runs out', () => {
  const service = (matter: LicenceRenewalMatter | null) =>
    new LicenceNoticeService(database, notices, { renewalMatter: () => Promise.resolve(matter) });
  const matter = { licenceId: id, number: 'ER/7', lastDay: day('2027-03-31'), applyBy: day('2027-02-03') };

  it('is told to the clinic, with both days', async () => {
    expect(await service(matter).opening(letter('LICENCE_RENEWAL_DUE'))).toMatchObject({
      ...{ recipient: 'CLINIC', patientId: null, aboutType: 'LICENCE', aboutId: id },
    });
    const written = await service(matter).write(letter('LICENCE_RENEWAL_DUE'));
    if (written.verdict !== 'SEND') throw new Error(written.code);
    expect(written.message.subject).toBe('Licence runs out: ER/7');
    for (const part of [written.message.text, written.message.html]) {
      expect(part).toContain('Wednesday 31 March 2027; last day to apply: Wednesday 3 February 2027');
    }
  });

  it('is not when it was renewed since', async () => {
    expect(await service(null).opening(letter('LICENCE_RENEWAL_DUE'))).toBeNull();
    expect(await service(null).write(letter('LICENCE_RENEWAL_DUE'))).toMatchObject({ verdict: 'SUPERSEDED' });
    expect(await service(null).wording(letter('LICENCE_RENEWAL_DUE'))).toBeNull();
  });
});

describe('an entitlement that is to be looked at', () => {
  const service = (matter: EntitlementReviewMatter | null) =>
    new EntitlementNoticeService(database, notices, { reviewMatter: () => Promise.resolve(matter) });
  const matter = { entitlementId: id, dueOn: day('2027-03-31') };

  it('is told to the clinic by its id, with the day, and without a name', async () => {
    expect(await service(matter).opening(letter('ENTITLEMENT_REVIEW_DUE'))).toMatchObject({
      ...{ recipient: 'CLINIC', patientId: null, aboutType: 'ENTITLEMENT', aboutId: id },
    });
    const written = await service(matter).write(letter('ENTITLEMENT_REVIEW_DUE'));
    if (written.verdict !== 'SEND') throw new Error(written.code);
    expect(written.message.subject).toBe(`Entitlement to be looked at: ${id}`);
    for (const part of [written.message.text, written.message.html]) {
      expect(part).toContain('Wednesday 31 March 2027');
    }
  });

  it('is not when somebody has entitled them anew since', async () => {
    expect(await service(null).opening(letter('ENTITLEMENT_REVIEW_DUE'))).toBeNull();
    expect(await service(null).write(letter('ENTITLEMENT_REVIEW_DUE'))).toMatchObject({
      verdict: 'SUPERSEDED',
    });
    expect(await service(null).wording(letter('ENTITLEMENT_REVIEW_DUE'))).toBeNull();
  });
});

describe('an incident of which a regulator has to hear', () => {
  const service = (matter: IncidentNotificationMatter | null) =>
    new IncidentNoticeService(database, notices, { notificationMatter: () => Promise.resolve(matter) });
  const matter = { incidentId: id, patientId: null, reference: 'I0000042', notifyBy: day('2026-12-07') };

  it('is told to the clinic by its reference', async () => {
    expect(await service(matter).opening(letter('INCIDENT_NOTIFICATION_DUE'))).toMatchObject({
      ...{ recipient: 'CLINIC', patientId: null, aboutType: 'INCIDENT', aboutId: id },
    });
    const wording = await service(matter).wording(letter('INCIDENT_NOTIFICATION_DUE'));
    expect(wording?.subject).toBe('Regulator to be told: incident I0000042');
    expect(wording?.text).toContain('Monday 7 December 2026');
  });

  it('is not when a regulator was told since', async () => {
    expect(await service(null).opening(letter('INCIDENT_NOTIFICATION_DUE'))).toBeNull();
    expect(await service(null).write(letter('INCIDENT_NOTIFICATION_DUE'))).toMatchObject({
      verdict: 'SUPERSEDED',
    });
  });
});
