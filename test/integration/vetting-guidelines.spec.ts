import { createHash, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { StaffActor } from '../../src/clinic/audit/audit.type.js';
import type {
  IssueVettingGuidelineInput,
  VettingGuideline,
} from '../../src/clinic/vetting/guideline.type.js';
import { isRefusal } from '../../src/platform/refusal/refusal.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { emptyTables } from '../support/empty-tables.js';
import { FixedClock } from '../support/fixed-clock.js';
import {
  aPractitioner,
  aRequest,
  BONE,
  entitled,
  makeProcedure,
  done as must,
  openVetting,
  tracesOfVetting,
  type VettingRoom,
  words,
} from '../support/vetting.factory.js';

// What practitioners let operators authorise, and what vetting asks for and promises: dated rows that nothing rewrites.

const NOW = '2026-03-02T09:00:00Z'; // a Monday
const clock = new FixedClock(NOW);
let home: TestDatabase;
let room: VettingRoom;
let practitioner: StaffActor;
let operator: StaffActor;

const GUIDELINE: IssueVettingGuidelineInput = {
  ...{ code: 'BONE_PAIN', title: 'Bone SPECT-CT for facet joints', procedureCodes: [BONE] },
  text: 'Adults with chronic low back pain and an MRI that does not answer the question.',
  benefit: 'Shows which joint is active.',
  detriment: 'About 4 mSv, and the CT.',
  alternatives: 'MRI has been done.',
  ageFromYears: 18,
  effectiveFrom: '2026-03-02',
};

beforeAll(async () => {
  home = await createTestDatabase();
  room = await openVetting(home.url, clock);
  await makeProcedure(room.database, BONE);
  await makeProcedure(room.database, 'BONE_SPECT_CT_EARLY');
  practitioner = await aPractitioner(room);
  operator = await entitled(room, 'Olu Operator', 'AUTHORISE_UNDER_GUIDELINE');
});
beforeEach(async () => {
  clock.set(NOW);
  await emptyTables(room.database, 'referrals, outbox_messages, vetting_guidelines');
});
afterAll(async () => {
  await room.close();
  await home.drop();
});

const issue = async (parts: Partial<IssueVettingGuidelineInput> = {}) =>
  must(await room.guidelines.issueVettingGuideline(practitioner, { ...GUIDELINE, ...parts }));
const under = (
  guideline: Pick<VettingGuideline, 'id'>,
  request: { readonly id: string; readonly revision: number },
) => ({
  ...{ requestId: request.id, revision: request.revision, guidelineId: guideline.id },
  note: 'Adult, MRI done in 2025.',
});

describe('a guideline', () => {
  it('is known by its text, its scope and who issued it', async () => {
    const issued = await issue();
    expect(issued).toMatchObject({
      ...{ code: 'BONE_PAIN', version: 1, siteCode: 'MAIN', isInForce: true, issuedById: practitioner.id },
      sha256: createHash('sha256')
        .update([issued.text, issued.benefit, issued.detriment, issued.alternatives].join('\n'))
        .digest('hex'),
    });
  });

  it('has a newer version, and what was authorised under the older stays as it was', async () => {
    const first = await issue();
    const { request } = await aRequest(room);
    const done = must(await room.underGuideline.authoriseUnderGuideline(operator, under(first, request)));
    const second = await issue({ text: 'Only after an MRI of this year.' });
    expect(second).toMatchObject({ version: 2, isInForce: true });
    const versions = await room.guidelines.vettingGuidelines({ inForceOnly: false });
    expect(
      versions.map(({ version, isInForce, replacedFrom }) => [version, isInForce, replacedFrom]),
    ).toEqual([
      [2, true, null],
      [1, false, '2026-03-02'],
    ]);
    const kept = await room.views.imagingRequest(operator, request.id);
    expect(kept.authorisation).toEqual(done.authorisation);
    expect(kept.authorisation).toMatchObject({ guidelineId: first.id, guidelineSha256: first.sha256 });
    const { request: next } = await aRequest(room);
    expect(await room.underGuideline.authoriseUnderGuideline(operator, under(first, next))).toMatchObject({
      code: 'GuidelineDoesNotApply',
      reasons: [expect.stringContaining('not in force')],
    });
  });

  it('cannot be changed, not even by hand', async () => {
    const { id } = await issue();
    const { client } = room.database;
    await expect(client.vettingGuideline.update({ where: { id }, data: { text: 'x' } })).rejects.toThrow();
    await expect(client.vettingGuideline.delete({ where: { id } })).rejects.toThrow();
    await expect(client.$executeRawUnsafe('TRUNCATE vetting_guidelines CASCADE')).rejects.toThrow();
    const lie = {
      ...(await client.vettingGuideline.findUniqueOrThrow({ where: { id } })),
      version: 2,
      id: undefined,
    };
    await expect(client.vettingGuideline.create({ data: { ...lie, text: 'another' } })).rejects.toThrow();
  });

  it('is issued by somebody who may justify themselves, from today on', async () => {
    expect(await room.guidelines.issueVettingGuideline(operator, GUIDELINE)).toMatchObject({
      code: 'NotEntitledToAct',
    });
    const unlicensed = await entitled(room, 'Unlicensed', 'JUSTIFY');
    expect(await room.guidelines.issueVettingGuideline(unlicensed, GUIDELINE)).toMatchObject({
      code: 'NoPractitionerLicence',
    });
    const yesterday = { ...GUIDELINE, effectiveFrom: '2026-03-01' };
    expect(await room.guidelines.issueVettingGuideline(practitioner, yesterday)).toMatchObject({
      code: 'GuidelineInThePast',
    });
    const turned = { ...GUIDELINE, ageFromYears: 60, ageToYears: 50 };
    await expect(room.guidelines.issueVettingGuideline(practitioner, turned)).rejects.toThrow(/ageToYears/);
  });

  it('has one next version, whoever issues at once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => room.guidelines.issueVettingGuideline(practitioner, GUIDELINE)),
    );
    const versions = answers.flatMap((answer) => (isRefusal(answer) ? [] : [answer.version]));
    expect(new Set(versions).size).toBe(versions.length);
    expect(versions).toContain(1);
    expect(await room.database.client.vettingGuideline.count()).toBe(versions.length);
  });

  it('is ended once, with a reason, and then authorises nothing more', async () => {
    const guideline = await issue();
    const ended = must(
      await room.guidelines.endVettingGuideline(practitioner, {
        guidelineId: guideline.id,
        reason: 'Under review.',
      }),
    );
    expect(ended).toMatchObject({ endsOn: '2026-03-02', endReason: 'Under review.', isInForce: false });
    const again = { guidelineId: guideline.id, reason: 'Again.' };
    expect(await room.guidelines.endVettingGuideline(practitioner, again)).toMatchObject({
      code: 'GuidelineEndedBefore',
    });
    const { request } = await aRequest(room);
    expect(
      await room.underGuideline.authoriseUnderGuideline(operator, under(guideline, request)),
    ).toMatchObject({
      code: 'GuidelineDoesNotApply',
    });
  });
});

describe('an operator', () => {
  it('authorises under a guideline; its issuer is the practitioner who answers for it', async () => {
    const guideline = await issue();
    const { request, referral } = await aRequest(room);
    const done = must(await room.underGuideline.authoriseUnderGuideline(operator, under(guideline, request)));
    expect(done).toMatchObject({
      status: 'AUTHORISED',
      justification: { practitionerId: practitioner.id, decidedById: operator.id, guidelineId: guideline.id },
      authorisation: { mode: 'OPERATOR_UNDER_GUIDELINE', authorisedById: operator.id },
    });
    const standing = await room.database.transaction((tx) =>
      room.vetting.standing(tx, { visitId: randomUUID(), referralId: referral.id }),
    );
    expect(standing).toMatchObject({
      practitionerId: practitioner.id,
      authorised: { byName: 'Olu Operator', guideline: 'BONE_PAIN v1' },
    });
    const events = await room.database.client.imagingRequestEvent.findMany({ orderBy: { version: 'asc' } });
    expect(events.slice(-2).map(({ action }) => action)).toEqual(['JUSTIFY', 'AUTHORISE_UNDER_GUIDELINE']);
  });

  it('authorises what a practitioner has justified; the practitioner stays theirs', async () => {
    const guideline = await issue();
    const { request } = await aRequest(room);
    const other = await aPractitioner(room, 'Dr Otto Other');
    const justified = must(
      await room.decisions.justifyImagingRequest(other, words(request, { authorise: false })),
    );
    const done = must(
      await room.underGuideline.authoriseUnderGuideline(operator, under(guideline, justified)),
    );
    expect(done).toMatchObject({ status: 'AUTHORISED', justification: { practitionerId: other.id } });
  });

  it.each([
    ['a child', { patient: { dateOfBirth: '2010-01-01' } }, 'ages'],
    ['a pregnancy that is not excluded', { content: { pregnancy: 'CANNOT_BE_EXCLUDED' } }, 'pregnancy'],
    ['breast-feeding', { content: { breastFeeding: 'YES' } }, 'breast-feeding'],
  ] as const)('leaves %s to a practitioner', async (_name, wish, word) => {
    const guideline = await issue();
    const { request } = await aRequest(room, wish);
    const before = await tracesOfVetting(room.database);
    expect(
      await room.underGuideline.authoriseUnderGuideline(operator, under(guideline, request)),
    ).toMatchObject({
      code: 'GuidelineDoesNotApply',
      reasons: [expect.stringContaining(word)],
    });
    expect(await tracesOfVetting(room.database)).toEqual(before);
  });

  it('must be entitled to it, and so must the issuer still be', async () => {
    const issuer = await aPractitioner(room, 'Dr Leaving');
    const guideline = must(await room.guidelines.issueVettingGuideline(issuer, GUIDELINE));
    const { request } = await aRequest(room);
    const nobody = await entitled(room, 'Nobody');
    expect(
      await room.underGuideline.authoriseUnderGuideline(nobody, under(guideline, request)),
    ).toMatchObject({
      ...{ code: 'NotEntitledToAct', act: 'AUTHORISE_UNDER_GUIDELINE' },
    });
    const licence = await room.database.client.licence.findFirstOrThrow({ where: { staffId: issuer.id } });
    await room.database.client.licenceEnding.create({
      data: {
        ...{ licenceId: licence.id, endedOn: new Date('2026-03-02'), reason: 'Left.' },
        ...{ recordedAt: new Date(NOW), endedById: issuer.id },
      },
    });
    expect(
      await room.underGuideline.authoriseUnderGuideline(operator, under(guideline, request)),
    ).toMatchObject({
      ...{ code: 'NoPractitionerLicence', practitionerId: issuer.id },
    });
  });
});

describe('what vetting asks for and promises', () => {
  const POLICY = {
    ...{
      periodAskedFromYears: 10,
      periodAskedToYears: 60,
      routineDays: 5,
      urgentDays: 2,
      twoWeekWaitDays: 1,
    },
    ...{
      informationDays: 7,
      escalationDays: 1,
      lapsesAfterDays: 90,
      weightHoldsDays: 30,
      needsReferrerEntitlement: true,
    },
    source: 'Decision of the clinic.',
  };

  it('is a new row, and requests of before keep what held then', async () => {
    const { request } = await aRequest(room);
    const set = must(
      await room.policies.setVettingPolicy(practitioner, { ...POLICY, effectiveFrom: '2026-03-03' }),
    );
    expect(set).toMatchObject({ effectiveFrom: '2026-03-03', setById: practitioner.id });
    clock.set('2026-03-03T09:00:00Z');
    const { request: later } = await aRequest(room, { content: { weightOn: '2026-02-01' } });
    expect([request.dueOn, later.dueOn]).toEqual(['2026-03-05', '2026-03-10']);
    const justified = await room.decisions.justifyImagingRequest(practitioner, words(request));
    expect(justified).toMatchObject({ lapsesOn: '2026-09-02' });
    expect(await room.decisions.justifyImagingRequest(practitioner, words(later))).toMatchObject({
      lapsesOn: '2026-06-01',
    });
  });

  it('is never rewritten, and never set for the past', async () => {
    const past = { ...POLICY, effectiveFrom: '2026-03-01' };
    expect(await room.policies.setVettingPolicy(practitioner, past)).toMatchObject({
      code: 'VettingPolicyInThePast',
    });
    const same = { ...POLICY, effectiveFrom: '2026-03-03' };
    expect(await room.policies.setVettingPolicy(practitioner, same)).toMatchObject({
      code: 'VettingPolicyAlreadySet',
    });
    const turned = { ...POLICY, effectiveFrom: '2026-04-01', periodAskedFromYears: 61 };
    await expect(room.policies.setVettingPolicy(practitioner, turned)).rejects.toThrow(/periodAskedToYears/);
    const { client } = room.database;
    await expect(client.vettingPolicy.updateMany({ data: { routineDays: 60 } })).rejects.toThrow();
  });
});
