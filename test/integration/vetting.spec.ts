import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { StaffActor } from '../../src/clinic/audit/audit.type.js';
import type { ImagingRequest } from '../../src/clinic/vetting/imaging-request.type.js';
import type { AmendImagingRequestInput } from '../../src/clinic/vetting/request-entry.type.js';
import { isRefusal } from '../../src/platform/refusal/refusal.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { emptyTables } from '../support/empty-tables.js';
import { FixedClock } from '../support/fixed-clock.js';
import { aStaffActor } from '../support/patients.factory.js';
import {
  aPractitioner,
  aReferral,
  aRequest,
  BONE,
  entitled,
  FULL,
  makeProcedure,
  done as must,
  openVetting,
  tracesOfVetting,
  type VettingRoom,
  words,
} from '../support/vetting.factory.js';

// What a referrer asks for, and what a practitioner decides on it.

const NOW = '2026-03-02T09:00:00Z'; // a Monday
const EARLY = 'BONE_SPECT_CT_EARLY';
const clock = new FixedClock(NOW);
const desk = aStaffActor();
let home: TestDatabase;
let room: VettingRoom;
let practitioner: StaffActor;

beforeAll(async () => {
  home = await createTestDatabase();
  room = await openVetting(home.url, clock);
  await makeProcedure(room.database, BONE);
  await makeProcedure(room.database, EARLY);
  practitioner = await aPractitioner(room);
});
beforeEach(async () => {
  clock.set(NOW);
  await emptyTables(room.database, 'referrals, outbox_messages, worklist_changes');
});
afterAll(async () => {
  await room.close();
  await home.drop();
});

const standing = (referralId: string) =>
  room.database.transaction((tx) => room.vetting.standing(tx, { visitId: randomUUID(), referralId }));
const eventsOf = ({ id }: Pick<ImagingRequest, 'id'>) =>
  room.database.client.imagingRequestEvent.findMany({
    where: { requestId: id },
    orderBy: { version: 'asc' },
  });
const actsOf = async ({ id }: Pick<ImagingRequest, 'id'>) =>
  (
    await room.database.client.auditEntry.findMany({
      where: { subjectId: id },
      orderBy: { link: { position: 'asc' } },
    })
  ).map(({ action }) => action);
const amend = (request: ImagingRequest, parts: Partial<AmendImagingRequestInput>) =>
  room.entries.amendImagingRequest(desk, {
    ...{ requestId: request.id, version: request.version, content: {}, reason: 'The referrer rang.' },
    ...parts,
  });
const justified = async (request: ImagingRequest, parts: Parameters<typeof words>[1] = {}) =>
  must(await room.decisions.justifyImagingRequest(practitioner, words(request, parts)));

/** What a refusal must leave as it was. */
async function refusedWithoutTrace(act: () => Promise<unknown>): Promise<unknown> {
  const before = await tracesOfVetting(room.database);
  const answer = await act();
  expect(isRefusal(answer)).toBe(true);
  expect(await tracesOfVetting(room.database)).toEqual(before);
  return answer;
}

describe('a request', () => {
  it('goes to the practitioner when nothing is missing, with what is due', async () => {
    const { request, referral } = await aRequest(room);
    expect(request).toMatchObject({
      ...{ status: 'SUBMITTED', version: 1, revision: 1, isComplete: true, missing: [] },
      ...{ procedureCode: BONE, requestedOn: '2026-03-02', dueOn: '2026-03-05' },
      content: { clinicalQuestion: 'Chronic low back pain. Active facet joints?', weightKg: 72.5 },
      referrer: { kind: 'REFERRAL', isEntitled: true },
    });
    expect((await eventsOf(request)).map(({ action, toStatus }) => [action, toStatus])).toEqual([
      ['REQUEST', 'DRAFT'],
      ['SUBMIT', 'SUBMITTED'],
    ]);
    expect(await actsOf(request)).toEqual(['imaging-request.made', 'imaging-request.submitted']);
    const changes = await room.database.client.worklistChange.findMany();
    expect(changes).toContainEqual(expect.objectContaining({ kind: 'referral', subjectId: referral.id }));
  });

  it('is kept when something is missing, and says what', async () => {
    const { request, referral } = await aRequest(room, {
      content: { weightKg: null, weightOn: null, weightSource: null },
    });
    expect(request.status).toBe('INCOMPLETE');
    expect(request.missing.map(({ item }) => item)).toEqual(['WEIGHT']);
    expect(await standing(referral.id)).toMatchObject({
      isComplete: false,
      state: 'INCOMPLETE',
      justified: null,
    });
    const refused = await refusedWithoutTrace(() =>
      room.decisions.justifyImagingRequest(practitioner, words(request)),
    );
    expect(refused).toMatchObject({ code: 'ImagingRequestNotPossible', status: 'INCOMPLETE' });
    const amended = must(
      await amend(request, { content: { weightKg: 81, weightOn: '2026-03-01', weightSource: 'MEASURED' } }),
    );
    expect(amended).toMatchObject({ status: 'SUBMITTED', revision: 2, missing: [] });
  });

  it('may be a draft until it is handed in', async () => {
    const { referral } = await aReferral(room);
    const input = {
      referralId: referral.id,
      procedureCode: BONE,
      content: {},
      asReferrer: false,
      asDraft: true,
    };
    const draft = must(await room.entries.requestImaging(desk, input));
    expect(draft).toMatchObject({ status: 'DRAFT', version: 0, dueOn: null, submittedAt: null });
    const written = must(await amend(draft, { content: FULL }));
    expect(written).toMatchObject({ status: 'DRAFT', isComplete: true });
    const handedIn = must(
      await room.entries.submitImagingRequest(desk, { requestId: draft.id, version: written.version }),
    );
    expect(handedIn).toMatchObject({ status: 'SUBMITTED', dueOn: '2026-03-05' });
  });

  it('follows what is put right elsewhere: a referrer who is not entitled becomes so', async () => {
    const { request, referral, referrer } = await aRequest(room, { isEntitled: false });
    expect(request.missing.map(({ item }) => item)).toEqual(['REFERRER_ENTITLEMENT']);
    await room.referrers.setReferrerEntitlement(desk, {
      ...{ referrerId: referrer.id, version: referrer.version, isEntitled: true, from: '2026-03-03' },
      note: 'for a test',
    });
    expect((await standing(referral.id))?.isComplete).toBe(false);
    await room.database.client.referrer.update({ where: { id: referrer.id }, data: { entitledFrom: null } });
    expect((await standing(referral.id))?.isComplete).toBe(true);
    expect(await room.database.client.worklistChange.findMany()).toContainEqual(
      expect.objectContaining({ kind: 'everything' }),
    );
    const { id: requestId, version } = request;
    expect(await room.entries.submitImagingRequest(desk, { requestId, version })).toMatchObject({
      status: 'SUBMITTED',
    });
  });

  it('is signed by the session of a member of staff who refers, if they are entitled to that', async () => {
    const { referral } = await aReferral(room, { isEntitled: false });
    const { signature: _s, signedOn: _o, ...content } = FULL;
    const input = { referralId: referral.id, procedureCode: BONE, content, asReferrer: true, asDraft: false };
    const clerk = await entitled(room, 'Clara Clerk');
    const unentitled = must(await room.entries.requestImaging(clerk, input));
    expect(unentitled.missing.map(({ item }) => item)).toEqual(['REFERRER_ENTITLEMENT']);
    const referrer = await entitled(room, 'Dr Rosa Referrer', 'REFER');
    const { id: requestId, version } = unentitled;
    const mine = await room.entries.amendImagingRequest(referrer, {
      ...{ requestId, version, content: {}, asReferrer: true, reason: 'I refer.' },
    });
    expect(mine).toMatchObject({
      status: 'SUBMITTED',
      referrer: { kind: 'STAFF', name: 'Dr Rosa Referrer', isEntitled: true },
      content: { signature: 'SESSION', signedOn: '2026-03-02', referrerStaffId: referrer.id },
    });
  });

  it.each([
    ['a signature that nobody gave here', { content: { signature: 'SESSION' as const } }, /signature/],
    ['a weight without its day', { content: { weightOn: null } }, /weightKg/],
    ['a day in the future', { content: { weightOn: '2026-03-03' } }, /weightOn/],
    ['why a question does not apply', { content: { pregnancy: 'DOES_NOT_APPLY' as const } }, /pregnancyText/],
  ])('is refused as bad input for %s', async (_name, { content }, message) => {
    await expect(aRequest(room, { content })).rejects.toThrow(message);
    expect(await room.database.client.imagingRequest.count()).toBe(0);
  });

  it('is refused for a kind of visit that is not offered, a day ahead, and one before the referral came', async () => {
    const { referral } = await aReferral(room);
    const input = {
      referralId: referral.id,
      procedureCode: BONE,
      content: FULL,
      asReferrer: false,
      asDraft: false,
    };
    for (const [parts, message] of [
      [{ procedureCode: 'NOTHING' }, /procedureCode/],
      [{ requestedOn: '2026-03-03' }, /requestedOn: lies/],
      [{ requestedOn: '2026-03-01' }, /requestedOn: must not/],
    ] as const) {
      await expect(room.entries.requestImaging(desk, { ...input, ...parts })).rejects.toThrow(message);
    }
  });

  it('is one that is live for a referral: of fifty who ask at once one does', async () => {
    const { referral } = await aReferral(room);
    const input = {
      referralId: referral.id,
      procedureCode: BONE,
      content: FULL,
      asReferrer: false,
      asDraft: false,
    };
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => room.entries.requestImaging(desk, input)),
    );
    expect(answers.filter((answer) => !isRefusal(answer))).toHaveLength(1);
    expect(new Set(answers.flatMap((answer) => (isRefusal(answer) ? [answer.code] : [])))).toEqual(
      new Set(['ImagingRequestExists']),
    );
    expect(await room.database.client.imagingRequest.count()).toBe(1);
  });

  it('may be made again once one was withdrawn', async () => {
    const { request, referral } = await aRequest(room);
    const withdrawn = must(
      await room.entries.withdrawImagingRequest(desk, { requestId: request.id, reason: 'Not wanted.' }),
    );
    expect(withdrawn).toMatchObject({
      status: 'WITHDRAWN',
      endReason: 'Not wanted.',
      endedById: desk.id,
      dueOn: null,
    });
    const input = {
      referralId: referral.id,
      procedureCode: BONE,
      content: FULL,
      asReferrer: false,
      asDraft: false,
    };
    const again = must(await room.entries.requestImaging(desk, input));
    expect((await standing(referral.id))?.requestId).toBe(again.id);
    expect(await amend(withdrawn, {})).toMatchObject({
      code: 'ImagingRequestNotPossible',
      status: 'WITHDRAWN',
    });
  });

  it('is refused with an old version', async () => {
    const { request } = await aRequest(room);
    must(await amend(request, { content: { mobility: 'WHEELCHAIR' } }));
    const refused = await refusedWithoutTrace(() => amend(request, { content: { mobility: 'WALKS' } }));
    expect(refused).toMatchObject({ code: 'ImagingRequestChangedMeanwhile', version: 2, revision: 2 });
  });
});

describe('a practitioner', () => {
  it('justifies and authorises, with what was weighed and under which licence', async () => {
    const { request, referral } = await aRequest(room);
    const done = await justified(request, { activityMbq: 650.5, protocolNote: 'Slim patient.' });
    expect(done).toMatchObject({
      status: 'AUTHORISED',
      version: 3,
      lapsesOn: '2026-09-01',
      dueOn: null,
      justification: { practitionerId: practitioner.id, siteCode: 'MAIN', activityMbq: 650.5, revision: 1 },
      authorisation: { mode: 'PRACTITIONER', authorisedById: practitioner.id, guidelineId: null },
    });
    expect(await standing(referral.id)).toMatchObject({
      state: 'AUTHORISED',
      practitionerId: practitioner.id,
      activityMbq: 650.5,
      weightKg: 72.5,
      justified: { byName: 'Dr Ines Practitioner', practitionerLicenceNumber: `P-${practitioner.id}` },
      authorised: { mode: 'PRACTITIONER', guideline: null },
    });
    expect((await standing(referral.id))?.justified?.text).toMatch(
      /^Benefit: .+\nDetriment: .+\nAlternatives: .+/s,
    );
    expect(await actsOf(request)).toEqual([
      ...['imaging-request.made', 'imaging-request.submitted'],
      ...['imaging-request.justified', 'imaging-request.authorised'],
    ]);
  });

  it('may leave the authorisation to somebody else, and takes each decision back with a reason', async () => {
    const { request, referral } = await aRequest(room);
    const done = await justified(request, { authorise: false });
    expect(done).toMatchObject({ status: 'JUSTIFIED', authorisation: null });
    const colleague = await aPractitioner(room, 'Dr Colin Colleague');
    const authorised = must(
      await room.decisions.authoriseImagingRequest(colleague, { requestId: request.id, revision: 1 }),
    );
    expect(authorised).toMatchObject({
      status: 'AUTHORISED',
      authorisation: { authorisedById: colleague.id },
    });
    const back = { requestId: request.id, reason: 'The camera is down.' };
    expect(await room.decisions.withdrawAuthorisation(colleague, back)).toMatchObject({
      ...{ status: 'JUSTIFIED', authorisation: null, dueOn: '2026-03-05', lapsesOn: null },
    });
    const again = { requestId: request.id, reason: 'An MRI has come.' };
    expect(await room.decisions.withdrawJustification(colleague, again)).toMatchObject({
      ...{ status: 'SUBMITTED', justification: null },
      decideAgainReason: 'The justification was withdrawn: An MRI has come.',
    });
    expect(await standing(referral.id)).toMatchObject({
      justified: null,
      authorised: null,
      practitionerId: null,
    });
    expect(await room.database.client.vettingJustification.count()).toBe(1);
    await justified(request);
    expect((await standing(referral.id))?.decideAgainReason).toBeNull();
    expect(await room.database.client.vettingJustification.count()).toBe(2);
  });

  it('changes the protocol and says why', async () => {
    const { request, referral } = await aRequest(room);
    const parts = { procedureCode: EARLY };
    await expect(room.decisions.justifyImagingRequest(practitioner, words(request, parts))).rejects.toThrow(
      /protocolNote/,
    );
    await justified(request, { ...parts, protocolNote: 'An early phase shows inflammation.' });
    expect((await standing(referral.id))?.procedureCode).toBe(EARLY);
  });

  it('must be entitled to justify this procedure, and licensed for it on that day', async () => {
    const { request } = await aRequest(room);
    const nobody = await entitled(room, 'Nobody');
    expect(
      await refusedWithoutTrace(() => room.decisions.justifyImagingRequest(nobody, words(request))),
    ).toMatchObject({ code: 'NotEntitledToAct', act: 'JUSTIFY' });
    const unlicensed = await entitled(room, 'Unlicensed', 'JUSTIFY');
    expect(
      await refusedWithoutTrace(() => room.decisions.justifyImagingRequest(unlicensed, words(request))),
    ).toMatchObject({ code: 'NoPractitionerLicence', practitionerId: unlicensed.id });
  });

  it('is not somebody whose licence expired the day before', async () => {
    const { request } = await aRequest(room);
    const until = async (name: string, day: string) => {
      const actor = await entitled(room, name, 'JUSTIFY');
      await room.database.client.licence.create({
        data: {
          ...{ kind: 'PRACTITIONER', number: `L-${name}`, siteCodes: ['MAIN'], staffId: actor.id },
          ...{ procedureCodes: [BONE], validFrom: new Date('2020-01-01'), validUntil: new Date(day) },
          ...{ source: 'for a test', recordedAt: new Date('2020-01-01'), recordedById: actor.id },
        },
      });
      return actor;
    };
    const expired = await until('Expired', '2026-03-01');
    const lastDay = await until('Last day', '2026-03-02');
    clock.set('2026-03-02T23:59:00Z');
    expect(
      await refusedWithoutTrace(() => room.decisions.justifyImagingRequest(expired, words(request))),
    ).toMatchObject({ code: 'NoPractitionerLicence' });
    expect(await room.decisions.justifyImagingRequest(lastDay, words(request))).toMatchObject({
      status: 'AUTHORISED',
      justification: { licenceNumber: 'L-Last day', licenceValidUntil: '2026-03-02' },
    });
  });

  it('gives attention to a pregnancy that is not excluded, and to breast-feeding', async () => {
    for (const content of [{ pregnancy: 'CANNOT_BE_EXCLUDED' }, { breastFeeding: 'YES' }] as const) {
      const { request } = await aRequest(room, { content });
      const refused = await refusedWithoutTrace(() =>
        room.decisions.justifyImagingRequest(practitioner, words(request)),
      );
      expect(refused).toMatchObject({ code: 'AttentionNotGiven' });
      const done = await justified(request, { attention: 'Weighed; cannot wait.' });
      expect(done.justification?.attention).toBe('Weighed; cannot wait.');
    }
  });

  it('is one: of fifty who decide at once one wins, and the others are told how it stands', async () => {
    const { request } = await aRequest(room);
    const other = await aPractitioner(room, 'Dr Otto Other');
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        index % 2 === 0
          ? room.decisions.justifyImagingRequest(practitioner, words(request))
          : room.steering.rejectImagingRequest(other, {
              ...{ requestId: request.id, revision: 1, reason: 'MRI is enough.' },
            }),
      ),
    );
    expect(answers.filter((answer) => !isRefusal(answer))).toHaveLength(1);
    expect(new Set(answers.flatMap((answer) => (isRefusal(answer) ? [answer.code] : [])))).toEqual(
      new Set(['ImagingRequestNotPossible']),
    );
    const { client } = room.database;
    expect((await client.vettingJustification.count()) + (await client.vettingTelling.count())).toBe(1);
  });

  it('may be the one who asked, too, if entitled to each', async () => {
    const { referral } = await aReferral(room);
    const everything = await entitled(room, 'Dr All', 'REFER', 'JUSTIFY');
    await room.database.client.licence.create({
      data: {
        ...{
          kind: 'PRACTITIONER',
          number: 'L-all',
          siteCodes: [],
          staffId: everything.id,
          procedureCodes: [BONE],
        },
        ...{ validFrom: new Date('2020-01-01'), validUntil: new Date('2030-01-01'), source: 'for a test' },
        ...{ recordedAt: new Date('2020-01-01'), recordedById: everything.id },
      },
    });
    const { signature: _s, signedOn: _o, ...content } = FULL;
    const input = { referralId: referral.id, procedureCode: BONE, content, asReferrer: true, asDraft: false };
    const request = must(await room.entries.requestImaging(everything, input));
    expect(await room.decisions.justifyImagingRequest(everything, words(request))).toMatchObject({
      status: 'AUTHORISED',
    });
  });
});

describe('an amendment after the decision', () => {
  it('of what was judged has it judged again, and says why', async () => {
    const { request, referral } = await aRequest(room);
    const done = await justified(request);
    const amended = must(await amend(done, { content: { pregnancy: 'CANNOT_BE_EXCLUDED' } }));
    expect(amended).toMatchObject({
      ...{ status: 'SUBMITTED', revision: 2, justification: null, authorisation: null, dueOn: '2026-03-05' },
      decideAgainReason: 'Amended after the decision: pregnancy. It has to be judged again.',
    });
    expect(await standing(referral.id)).toMatchObject({ justified: null, authorised: null });
    expect((await eventsOf(request)).at(-1)).toMatchObject({
      ...{ action: 'AMEND', detail: 'pregnancy', fromStatus: 'AUTHORISED', toStatus: 'SUBMITTED' },
    });
    const stale = await refusedWithoutTrace(() =>
      room.decisions.justifyImagingRequest(practitioner, words(request, { attention: 'Weighed.' })),
    );
    expect(stale).toMatchObject({ code: 'ImagingRequestChangedMeanwhile', revision: 2 });
  });

  it('of what was not judged leaves the decision', async () => {
    const { request } = await aRequest(room);
    const done = await justified(request);
    const amended = must(await amend(done, { content: { mobility: 'WHEELCHAIR', weightKg: 74 } }));
    expect(amended).toMatchObject({ status: 'AUTHORISED', revision: 2, decideAgainReason: null });
    expect(amended.justification?.revision).toBe(1);
  });
});

describe('a referrer', () => {
  it('is asked, answers, and is told when it is rejected', async () => {
    const { request, referral } = await aRequest(room);
    const asked = must(
      await room.steering.askAboutImagingRequest(practitioner, {
        requestId: request.id,
        wanted: 'Which level?',
      }),
    );
    expect(asked).toMatchObject({
      ...{ status: 'INFORMATION_ASKED', informationWanted: 'Which level?', informationDueOn: '2026-03-09' },
    });
    const [told] = await room.database.client.vettingTelling.findMany();
    expect(told).toMatchObject({ method: 'EMAIL', words: 'Which level?' });
    const post = { topic: 'imaging-request.told', subjectId: told?.id, version: asked.version };
    expect(await room.database.client.outboxMessage.findMany({ where: post })).toHaveLength(1);
    const matter = await room.letters.matter(room.database.client, told?.id ?? '', asked.version);
    expect(matter).toMatchObject({
      news: 'INFORMATION_ASKED',
      words: 'Which level?',
      referralId: referral.id,
    });
    const answered = must(
      await room.steering.recordImagingRequestAnswer(desk, {
        requestId: request.id,
        note: 'L4/5, by telephone.',
      }),
    );
    expect(answered).toMatchObject({ status: 'SUBMITTED', informationWanted: null, informationDueOn: null });
    expect(await room.letters.matter(room.database.client, told?.id ?? '', asked.version)).toBeNull();
    const rejected = must(
      await room.steering.rejectImagingRequest(practitioner, {
        ...{ requestId: request.id, revision: 1, reason: 'MRI answers it without radiation.' },
        tell: { method: 'TELEPHONE' },
      }),
    );
    expect(rejected).toMatchObject({ status: 'REJECTED', endReason: 'MRI answers it without radiation.' });
    expect(await room.database.client.vettingTelling.count({ where: { method: 'TELEPHONE' } })).toBe(1);
    expect(await room.database.client.outboxMessage.count({ where: { topic: post.topic } })).toBe(1);
  });

  it('without an address is written to, and nobody is told by e-mail whose address is not known', async () => {
    const { request } = await aRequest(room, { email: null });
    const asked = { requestId: request.id, wanted: 'Which level?' };
    await expect(
      room.steering.askAboutImagingRequest(practitioner, { ...asked, tell: { method: 'EMAIL' } }),
    ).rejects.toThrow(/tell/);
    must(await room.steering.askAboutImagingRequest(practitioner, asked));
    expect((await room.database.client.vettingTelling.findFirst())?.method).toBe('LETTER');
  });

  it('is only rejected by somebody who is entitled to justify', async () => {
    const { request } = await aRequest(room);
    const nobody = await entitled(room, 'Nobody else');
    const input = { requestId: request.id, revision: 1, reason: 'No.' };
    const refused = await refusedWithoutTrace(() => room.steering.rejectImagingRequest(nobody, input));
    expect(refused).toMatchObject({ code: 'NotEntitledToAct', act: 'JUSTIFY' });
  });
});

describe('a claim', () => {
  it('is had by one of many, keeps others from deciding, is taken over with a reason, and lapses', async () => {
    const { request } = await aRequest(room);
    const other = await aPractitioner(room, 'Dr Uta Urgent');
    const claimants = [practitioner, other, ...Array.from({ length: 20 }, () => aStaffActor())];
    const answers = await Promise.all(
      claimants.map((actor) => room.claims.claimImagingRequest(actor, { requestId: request.id })),
    );
    expect(answers.filter((answer) => !isRefusal(answer))).toHaveLength(1);
    const takeOver = { requestId: request.id, takeOverReason: 'They are away.' };
    expect(await room.claims.claimImagingRequest(other, takeOver)).toMatchObject({ claimedById: other.id });
    const refused = await refusedWithoutTrace(() =>
      room.decisions.justifyImagingRequest(practitioner, words(request)),
    );
    expect(refused).toMatchObject({ code: 'ImagingRequestClaimedByAnother', claimedById: other.id });
    expect(await room.claims.releaseImagingRequest(practitioner, { requestId: request.id })).toMatchObject({
      code: 'ImagingRequestNotClaimed',
    });
    clock.set('2026-03-02T17:00:00Z');
    expect(await justified(request)).toMatchObject({ status: 'AUTHORISED', claimedById: null });
  });
});
