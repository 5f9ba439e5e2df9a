import { expect, it } from 'vitest';
import { anAction } from '../../../test/support/team-matters.factory.js';
import { expectWholeLetter, letterheadWith, NOTICES_TO } from '../../../test/support/whole-letter.js';
import { Database } from '../../platform/database/database.service.js';
import type { ActionMatter } from '../decisions/decision-matter.type.js';
import { ActionNoticeService } from './action-notice.service.js';
import { ClinicNoticeService } from './clinic-notice.service.js';

const nowhere = new Database('postgresql://nowhere');
const matter = anAction('0f9b1c1e-0000-7000-8000-000000000001');
const NO_ACCOUNT = { ...matter, owner: { ...matter.owner, email: null } };
const serviceOf = (found: ActionMatter | null, noticesTo: readonly string[] = NOTICES_TO) =>
  new ActionNoticeService(nowhere, new ClinicNoticeService(letterheadWith(noticesTo)), {
    actionMatter: async () => found,
  });
const letter = (kind: 'DECISION_ACTION_DUE' | 'DECISION_ACTION_OVERDUE') => ({
  kind,
  subjectId: matter.actionId,
  subjectVersion: 1,
  messageId: '<1@facet.example>',
  createdAt: new Date(0),
});
const KINDS = ['DECISION_ACTION_DUE', 'DECISION_ACTION_OVERDUE'] as const;

it.each(KINDS)('%s goes to whoever sees to it, with a reference and a day', async (kind) => {
  expect(await serviceOf(matter).opening(letter(kind))).toMatchObject({
    ...{ recipient: 'STAFF', recipientId: matter.owner.staffId, patientId: matter.patientId },
    ...{ aboutType: 'CASE_DECISION', aboutId: matter.decisionId },
  });
  const written = await serviceOf(matter).write(letter(kind));
  if (written.verdict !== 'SEND') throw new Error(written.code);
  expectWholeLetter(written.message);
  expect(written.message).toMatchObject({ to: { address: 'sam@clinic.example' }, alsoTo: [] });
  for (const part of [written.message.html, written.message.text]) {
    expect(part).toContain(matter.actionId);
    expect(part).toContain('Wednesday 4 March 2026');
  }
});

it('falls back to the clinic where the account is closed, before it is opened or after', async () => {
  expect(await serviceOf(NO_ACCOUNT).opening(letter(KINDS[0]))).toMatchObject({
    ...{ recipient: 'CLINIC', recipientId: null },
  });
  const written = await serviceOf(NO_ACCOUNT).write(letter(KINDS[0]));
  expect(written).toMatchObject({ message: { to: { address: NOTICES_TO[0] } } });
  expect(await serviceOf(NO_ACCOUNT, []).write(letter(KINDS[0]))).toMatchObject({
    code: 'NO_CLINIC_ADDRESS',
  });
});

it('is not sent once it is settled', async () => {
  expect(await serviceOf(null).opening(letter(KINDS[0]))).toBeNull();
  expect(await serviceOf(null).write(letter(KINDS[0]))).toMatchObject({ code: 'MATTER_MOVED_ON' });
  expect(await serviceOf(null).wording(letter(KINDS[0]))).toBeNull();
});
