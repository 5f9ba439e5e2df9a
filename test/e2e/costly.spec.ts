import { beforeAll, describe, expect, it } from 'vitest';
import { facetHouse, type RunningService } from '../support/facet.js';
import { GraphqlClient, type SignedInClient, signInAs } from '../support/graphql.js';

// Small requests that would cost much: each is answered or refused, and the next person is served. A service of its own,
// because one that is kept busy for ever would take the other tests with it.

const house = facetHouse();
let service: RunningService;
let reception: SignedInClient;
let signedOut: GraphqlClient;

beforeAll(async () => {
  service = await house.start(await house.newHome());
  reception = await signInAs(service, 'reception');
  signedOut = new GraphqlClient(service.httpUrl);
});

/** Each fragment spreads the next one twice: 2^levels fields, in a few hundred characters. */
function doubling(levels: number, on: string, leaf: string): string {
  const fragments = Array.from(
    { length: levels },
    (_, index) => `fragment F${index} on ${on} { ...F${index + 1} ...F${index + 1} }`,
  );
  return `${fragments.join(' ')} fragment F${levels} on ${on} { ${leaf} }`;
}

async function expectServed(): Promise<void> {
  expect(await reception.ask('{ currentStaff { account { email } } }')).toEqual({
    currentStaff: { account: { email: 'reception@facet.example' } },
  });
}

it('lets a small page show all that a screen needs', async () => {
  const query = `{ patients(search: "Bront", page: { size: 5 }) { items {
    referrals { id status } scanBookings { id letters { kind status } worklistEntries { startsAt } } } } }`;
  expect((await reception.send(query)).errors).toEqual([]);
});

it('lets the team see its lists with what was decided, and a patient with all that was done', async () => {
  const clinician = await signInAs(service, 'clinician');
  const meetings = `{ meetings(page: { size: 5 }) { items { name attendances { discipline } cases {
    question sources { kind } exhibits { label } decision { current { recommendation options { option } }
    actions { what becameOf { state } } letters { status } } } } } }`;
  const patient = `{ patients(search: "Bront", page: { size: 5 }) { items { scores(page: { size: 10 }) { items { total } }
    treatments { status painDiary { entries { point total } judgement { verdict } } }
    clinicalNotes { sections { status addenda { text } } } } } }`;
  for (const query of [meetings, patient]) expect((await clinician.send(query)).errors).toEqual([]);
});

describe('does not keep the service from others:', () => {
  it('lists inside lists inside lists', async () => {
    const level = (count: number): string =>
      count === 0 ? 'id' : `patient { scanBookings { ${level(count - 1)} } }`;
    const answer = await reception.send(`{ scanBookings(page: { size: 100 }) { items { ${level(4)} } } }`);
    expect(answer.errors[0]?.extensions.code).toBe('BAD_INPUT');
    await expectServed();
  });

  it('a hundred kilobytes of the same field', async () => {
    const answer = await signedOut.send(`{ ${'a { b } '.repeat(12_000)} }`);
    expect(answer.errors[0]?.extensions.code).toBe('BAD_INPUT');
    await expectServed();
  });

  it('brackets inside brackets', async () => {
    const nested = `${'['.repeat(20_000)}${']'.repeat(20_000)}`;
    const answer = await signedOut.send(`mutation { signIn(input: ${nested}) { __typename } }`);
    expect(answer.errors[0]?.extensions.code).toBe('BAD_INPUT');
    await expectServed();
  });

  it.each([
    ['nothing', 'Query', '__typename', '{ ...F0 }'],
    ['a field', 'Query', 'currentStaff { account { id } }', '{ ...F0 }'],
    ['a list', 'ScanBooking', 'worklistEntries { startsAt }', '{ scanBookings { items { ...F0 } } }'],
  ])('fragments that double %s forty times', async (_, on, leaf, operation) => {
    const query = `${operation} ${doubling(40, on, leaf)}`;
    for (const client of [signedOut, reception]) {
      const answer = await client.send(query);
      expect(answer.contentType).toMatch(/^application\/json/);
    }
    await expectServed();
  });
});
