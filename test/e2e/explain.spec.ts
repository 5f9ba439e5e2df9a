import { beforeAll, describe, expect, it } from 'vitest';
import { facetHouse, type RunningService } from '../support/facet.js';
import { type SignedInClient, signInAs } from '../support/graphql.js';
import { until } from '../support/until.js';
import { askWorklist, echo, inStep, onDays } from './console.js';
import { type Booking, book, findOffers, first, referralOf, toVisit } from './visits.js';

// "Why can't the scanner see this booking?", with a foreign console at the real port and the question at the real API.

interface Key {
  readonly keyword: string;
  readonly asked: string;
  readonly own: string;
  readonly matched: boolean | null;
  readonly advice: string | null;
}

interface Explained {
  readonly verdict: string;
  readonly summary: string;
  readonly reasons: readonly string[];
  readonly queries: readonly {
    readonly receivedAt: string;
    readonly callingAETitle: string;
    readonly source: string;
    readonly answerCount: number;
    readonly status: string;
    readonly shown: boolean | null;
    readonly keys: readonly Key[];
  }[];
  readonly rejections: readonly {
    readonly callingAETitle: string;
    readonly reason: string;
    readonly advice: string;
  }[];
}

interface Health {
  readonly scanner: { readonly id: string; readonly version: number; readonly warnings: readonly string[] };
  readonly silent: boolean;
  readonly echoedAt: string | null;
  readonly queriedAt: string | null;
  readonly queryAnswers: number | null;
  readonly probeOk: boolean | null;
  readonly probeProblem: string | null;
  readonly rejections: readonly { readonly callingAETitle: string }[];
}

const EXPLAIN = `query Explain($scanBookingId: ID!, $scannerId: ID!) {
  explainWorklist(scanBookingId: $scanBookingId, scannerId: $scannerId) {
    verdict summary reasons
    queries { receivedAt callingAETitle source answerCount status shown keys { keyword asked own matched advice } }
    rejections { callingAETitle reason advice } } }`;
const HEALTH = `{ scannerHealth { scanner { id version warnings } silent echoedAt queriedAt queryAnswers probeOk
  probeProblem rejections { callingAETitle } } }`;
const REVISE = `mutation Revise($input: ReviseScannerInput!) { reviseScanner(input: $input) {
  __typename ... on Scanner { version hiddenStatuses daysAfter } ... on Refusal { code message } } }`;

const house = facetHouse();
let service: RunningService;
let reception: SignedInClient;
let imaging: SignedInClient;
let booked: Booking;
let scannerId: string;

const health = async (): Promise<Health> =>
  first((await imaging.ask<{ scannerHealth: Health[] }>(HEALTH)).scannerHealth, 'scanner');
const explain = async (): Promise<Explained> => {
  const { explainWorklist } = await reception.ask<{ explainWorklist: Explained }>(EXPLAIN, {
    scanBookingId: booked.id,
    scannerId,
  });
  return explainWorklist;
};

/** What was asked is written down a moment after it was answered. */
async function askedAndExplained(keys: Readonly<Record<string, string>>): Promise<Explained> {
  const before = (await explain()).queries[0]?.receivedAt ?? '';
  const { exitCode } = await askWorklist({ port: service.dicomPort, keys });
  expect(exitCode).toBe(0);
  await until(async () => ((await explain()).queries[0]?.receivedAt ?? '') > before);
  return explain();
}

async function revise(input: Readonly<Record<string, unknown>>): Promise<unknown> {
  const { version } = (await health()).scanner;
  return (
    await imaging.ask<{ reviseScanner: unknown }>(REVISE, { input: { id: scannerId, version, ...input } })
  ).reviseScanner;
}

beforeAll(async () => {
  service = await house.start(await house.newHome());
  reception = await signInAs(service, 'reception');
  imaging = await signInAs(service, 'imaging');
  const referral = await referralOf(reception, 'Brontë-Hale');
  const { offers } = await findOffers(reception, referral.id);
  booked = await book(reception, referral.id, toVisit(first(offers, 'offer')));
  scannerId = (await health()).scanner.id;
});

describe('why the scanner does not see a booking', () => {
  it('it has not asked', async () => {
    const { verdict, summary } = await explain();
    expect(verdict).toBe('NOT_ASKED');
    expect(summary).toMatch(/never asked.*worklist query is switched on/);
  });

  it('a wrong AE title', async () => {
    const port = service.dicomPort;
    expect((await askWorklist({ port, callingAETitle: 'SPECTCT' })).exitCode).not.toBe(0);
    await until(async () => (await explain()).rejections.length > 0);
    const { verdict, summary, rejections } = await explain();
    expect(verdict).toBe('NOT_LET_IN');
    expect(rejections).toMatchObject([{ callingAETitle: 'SPECTCT' }]);
    expect(summary).toMatch(/calls itself SPECTCT.*own AE title to SPECTCT1/);
    expect((await health()).rejections).toMatchObject([{ callingAETitle: 'SPECTCT' }]);
  });

  it.each<[string, () => Readonly<Record<string, string>>, string, RegExp]>([
    [
      'a wrong date',
      () => onDays('2020-01-01'),
      'ScheduledProcedureStepStartDate',
      /Wednesday 1 January 2020; the scan is on/,
    ],
    ['a wrong modality', () => inStep('Modality', 'CT'), 'Modality', /asks for CT; this step is NM/],
    [
      'a wrong station',
      () => inStep('ScheduledStationAETitle', 'OTHER'),
      'ScheduledStationAETitle',
      /asks for the station OTHER; this booking is for SPECTCT1/,
    ],
    ['another name', () => ({ PatientName: 'Marsh*' }), 'PatientName', /Another Patient name was typed/],
    ['a name without its accent', () => ({ PatientName: 'BRONTE-HALE*' }), 'PatientName', /accent only/],
  ])('%s', async (_, keys, keyword, advice) => {
    const { verdict, summary, queries } = await askedAndExplained(keys());
    expect(verdict).toBe('NOT_MATCHED');
    expect(summary).toMatch(advice);
    const query = first(queries, 'query');
    expect(query).toMatchObject({
      shown: false,
      callingAETitle: 'SPECTCT1',
      source: '127.0.0.1',
      status: 'answered',
      answerCount: 0,
    });
    expect(query.keys.find((key) => key.keyword === keyword)).toMatchObject({ matched: false });
    expect(JSON.stringify(query.keys)).not.toMatch(/marsh|bronte-/i);
  });

  it('a hidden status, and a day that the profile does not offer, from the next query on', async () => {
    const seen = await askedAndExplained({ PatientName: 'Brontë*' });
    expect([seen.verdict, seen.reasons]).toEqual(['SEEN', []]);
    expect(seen.queries[0]).toMatchObject({ shown: true, answerCount: 1 });
    expect(await revise({ hiddenStatuses: ['SCHEDULED'] })).toMatchObject({ hiddenStatuses: ['SCHEDULED'] });
    expect((await askWorklist({ port: service.dicomPort })).answers).toEqual([]);
    const hidden = await explain();
    expect(hidden.verdict).toBe('HIDDEN');
    expect(hidden.summary).toMatch(/is still to be done, and the profile of .* hides such steps/);
    expect(await revise({ hiddenStatuses: [], daysAfter: 0 })).toMatchObject({ daysAfter: 0 });
    expect((await askWorklist({ port: service.dicomPort })).answers).toEqual([]);
    expect((await explain()).summary).toMatch(/looks ahead 0 days/);
    await revise({ daysAfter: 90 });
    expect((await askWorklist({ port: service.dicomPort })).answers).toHaveLength(1);
  });
});

describe('how the scanner is', () => {
  it('is told by what was heard of it, and by our own query through the port', async () => {
    expect(await echo({ port: service.dicomPort })).toBe(true);
    await until(async () => (await health()).echoedAt !== null);
    await until(async () => (await health()).probeOk !== null);
    const { silent, queriedAt, queryAnswers, probeOk, probeProblem, scanner } = await health();
    expect({ silent, queryAnswers, probeOk, probeProblem }).toEqual({
      silent: false,
      queryAnswers: 1,
      probeOk: true,
      probeProblem: null,
    });
    expect(queriedAt).not.toBeNull();
    expect(scanner.warnings.join(' ')).toMatch(/no authentication/);
  });

  it('is changed by one person at a time', async () => {
    const stale = await imaging.ask<{ reviseScanner: unknown }>(REVISE, {
      input: { id: scannerId, version: 0, daysAfter: 5 },
    });
    expect(stale.reviseScanner).toMatchObject({ __typename: 'ScannerChangedMeanwhile' });
    const input = { id: scannerId, version: (await health()).scanner.version, timeZone: '+01:00' };
    await expect(imaging.ask(REVISE, { input })).rejects.toThrow(/timeZone/);
  });
});
