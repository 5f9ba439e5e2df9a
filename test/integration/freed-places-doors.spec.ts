import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { AppModule } from '../../src/app.module.js';
import { SessionService } from '../../src/clinic/auth/session.service.js';
import { StaffService } from '../../src/clinic/auth/staff.service.js';
import { readConfig } from '../../src/platform/config/index.js';
import { Database } from '../../src/platform/database/database.service.js';
import type { Role } from '../../src/platform/database/generated/enums.js';
import { InputPipe } from '../../src/platform/graphql/input.pipe.js';
import { isRefusal } from '../../src/platform/refusal/refusal.js';
import { Clock } from '../../src/platform/time/index.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { aStaffActor } from '../support/patients.factory.js';
import {
  aBooker,
  aPhysio,
  makePatientId,
  makeVisitClinic,
  mustBeVisit,
  PHYSIO,
  type VisitClinic,
  type VisitsRoom,
  visitsOn,
} from '../support/visits.factory.js';

// Freed places through the graph: what a first and a compiled query answer, and what is refused.

const actor = aStaffActor();
let home: TestDatabase;
let database: Database;
let app: NestFastifyApplication;
let room: VisitsRoom;
let clinic: VisitClinic;
const tokens = new Map<Role, string>();

interface Answer {
  readonly data: Readonly<Record<string, Readonly<Record<string, unknown>>>> | null;
  readonly errors?: readonly { readonly extensions: { readonly code: string } }[];
}

async function ask(query: string, variables: object = {}, role: Role = 'RECEPTION'): Promise<Answer> {
  const response = await app.inject({
    method: 'POST',
    url: '/graphql',
    headers: { authorization: `Bearer ${tokens.get(role) ?? ''}` },
    payload: { query, variables },
  });
  return response.json<Answer>();
}

async function signIn(role: Role): Promise<void> {
  const account = {
    email: `${role.toLowerCase()}@clinic.example`,
    displayName: role,
    password: 'correct horse battery',
  };
  await app.get(StaffService).addStaffAccount(actor, { ...account, roles: [role] });
  const whence = { requestId: null, source: null, userAgent: null };
  const signedIn = await app.get(SessionService).signIn(account, whence);
  if (isRefusal(signedIn)) throw new Error(signedIn.message);
  tokens.set(role, signedIn.token);
}

beforeAll(async () => {
  home = await createTestDatabase();
  database = new Database(home.url);
  const config = readConfig({ ROLE: 'api', DATABASE_URL: home.url }, '/tmp');
  app = await NestFactory.create<NestFastifyApplication>(
    AppModule.with({ config, databaseUrl: home.url, schemaFile: true }),
    new FastifyAdapter(),
    { logger: false },
  );
  app.useGlobalPipes(new InputPipe());
  await app.init();
  await app.getHttpAdapter().getInstance().ready();
  await signIn('RECEPTION');
  await signIn('MANAGER');
  room = visitsOn(database, app.get(Clock));
  clinic = await makeVisitClinic(database);
  await database.client.cancelReason.create({
    data: { code: 'FREED_TEST', name: 'Cannot come', allowedRoles: ['RECEPTION'], needsComment: false },
  });
});
afterAll(async () => {
  await app.close();
  await database.close();
  await home.drop();
});

/** Ten in the morning, so many working weeks ahead, on a Wednesday. */
function wednesday(weeks: number): string {
  const today = app.get(Clock).now().toZonedDateTimeISO('Europe/London').toPlainDate();
  const day = today.add({ days: 7 * weeks + ((3 - today.dayOfWeek + 7) % 7) });
  return day.toZonedDateTime({ timeZone: 'Europe/London', plainTime: '10:00' }).toInstant().toString();
}

async function placeFallsFree(startsAt: string): Promise<string> {
  const booked = aPhysio(clinic, await makePatientId(room), startsAt);
  const { id: visitId, version } = mustBeVisit(await room.visits.bookVisit(aBooker(), booked));
  mustBeVisit(await room.visits.cancelVisit(aBooker(), { visitId, version, reasonCode: 'FREED_TEST' }));
  return (await database.client.freedPlace.findFirstOrThrow({ where: { visitId } })).id;
}

const PLACE = `id status version startsAt endsAt siteCode visitTypeCode answerBy candidatesCount allowedActions
  spans { startsAt endsAt resource { name kind } }
  offers { id rank status version startsAt answerBy patient { id } steps { name resources { role resourceId } } }`;
const LIST = `query ($filter: FreedPlaceFilterInput, $page: PageInput) {
  freedPlaces(filter: $filter, page: $page) { nextCursor items {
    id status startsAt spans { resource { name } } offers { rank status patient { id } } } } }`;
const REQUEST = `mutation ($input: RequestVisitInput!) { requestVisit(input: $input) {
  ... on VisitRequest { id wantsFreed noticeHoursMin freedPlaceOffers { id } } } }`;
const OFFER = `mutation ($input: OfferFreedPlaceInput!) { offerFreedPlace(input: $input) {
  __typename ... on FreedPlace { ${PLACE} } ... on Refusal { code message } } }`;
const ANSWER = `mutation ($input: AnswerFreedPlaceOfferInput!) { answerFreedPlaceOffer(input: $input) {
  __typename ... on FreedPlaceOffer { status visitId requestId } ... on Refusal { code } } }`;

interface ListPage {
  readonly nextCursor: string | null;
  readonly items: readonly { readonly id: string }[];
}

describe('a freed place', () => {
  it('goes through the graph from the list to the visit', async () => {
    const freedPlaceId = await placeFallsFree(wednesday(2));
    for (const rest of [{}, { wantsFreed: null, noticeHoursMin: null }]) {
      const input = { patientId: await makePatientId(room), visitTypeCode: PHYSIO, ...rest };
      expect(await ask(REQUEST, { input })).toMatchObject({
        data: { requestVisit: { wantsFreed: true, noticeHoursMin: 0, freedPlaceOffers: [] } },
      });
    }
    const preview = await ask(
      'query ($id: ID!) { freedPlaceCandidates(freedPlaceId: $id) { requestId startsAt steps { name } } }',
      { id: freedPlaceId },
    );
    expect(preview.data?.freedPlaceCandidates).toHaveLength(2);
    const none = await ask(OFFER, { input: { freedPlaceId, version: 0, atOnce: 11 } });
    expect(none.errors).toMatchObject([{ extensions: { code: 'BAD_INPUT' } }]);
    const input = { freedPlaceId, version: 0, atOnce: 2, answerMinutes: null };
    const { data } = await ask(OFFER, { input });
    const place = data?.offerFreedPlace;
    expect(place).toMatchObject({ __typename: 'FreedPlace', status: 'OFFERING', candidatesCount: 2 });
    expect((await ask(OFFER, { input })).data?.offerFreedPlace).toMatchObject({ code: 'FreedPlaceNotOpen' });
    const offers = (place?.offers ?? []) as readonly { readonly id: string; readonly version: number }[];
    const [first, second] = offers;
    const yes = (offer = first) => ({
      input: { offerId: offer?.id ?? '', version: offer?.version ?? 0, answer: 'ACCEPT' },
    });
    const taken = (await ask(ANSWER, yes())).data?.answerFreedPlaceOffer;
    expect(taken).toMatchObject({ __typename: 'FreedPlaceOffer', status: 'ACCEPTED' });
    expect((await ask(ANSWER, yes(second))).data?.answerFreedPlaceOffer).toMatchObject({ code: 'OfferGone' });
    const request = await ask(
      'query ($id: ID!) { visitRequest(id: $id) { status freedPlaceOffers { id status visitId } } }',
      { id: taken?.requestId },
    );
    expect(request.data?.visitRequest).toEqual({
      status: 'BOOKED',
      freedPlaceOffers: [{ id: first?.id, status: 'ACCEPTED', visitId: taken?.visitId }],
    });
  });

  it('is listed with as many statements for one as for several, page by page, and the look is recorded', async () => {
    const ids = [await placeFallsFree(wednesday(3))];
    const count = async () => {
      const spy = vi.spyOn(pg.Client.prototype, 'query');
      const answer = await ask(LIST, { filter: { visitTypeCode: PHYSIO }, page: { size: 50 } });
      const statements = spy.mock.calls.length;
      spy.mockRestore();
      expect(answer.errors).toBeUndefined();
      return statements;
    };
    await count();
    const few = await count();
    for (const weeks of [4, 5, 6]) ids.push(await placeFallsFree(wednesday(weeks)));
    expect(await count()).toBe(few);
    const pageAfter = async (after: string | null) => {
      const { data } = await ask(LIST, { filter: {}, page: { size: 2, after } });
      return data?.freedPlaces as unknown as ListPage;
    };
    const first = await pageAfter(null);
    const second = await pageAfter(first.nextCursor);
    const seen = [...first.items, ...second.items].map(({ id }) => id);
    expect(second.nextCursor).toBeNull();
    expect(seen).toEqual(ids);
    const looks = await database.client.auditEntry.count({ where: { action: 'freed-places.listed' } });
    expect(looks).toBeGreaterThan(3);
  });

  it('that there is not is not found, and a place that is withdrawn says so', async () => {
    const ONE = `query ($id: ID!) { freedPlace(id: $id) { ${PLACE} } }`;
    const missing = await ask(ONE, { id: clinic.theatreId });
    expect(missing.errors).toMatchObject([{ extensions: { code: 'NOT_FOUND' } }]);
    const id = await placeFallsFree(wednesday(7));
    const WITHDRAW = `mutation ($input: WithdrawFreedPlaceInput!) { withdrawFreedPlace(input: $input) {
      ... on FreedPlace { status allowedActions } ... on Refusal { code } } }`;
    const input = { freedPlaceId: id, version: 0 };
    expect((await ask(WITHDRAW, { input })).data?.withdrawFreedPlace).toEqual({
      status: 'WITHDRAWN',
      allowedActions: [],
    });
    expect((await ask(WITHDRAW, { input })).data?.withdrawFreedPlace).toEqual({ code: 'FreedPlaceNotOpen' });
    for (let asked = 0; asked < 3; asked += 1) {
      expect((await ask(ONE, { id })).data?.freedPlace).toMatchObject({ status: 'WITHDRAWN', offers: [] });
    }
  });

  it('is offered as its kind of visit says, which a manager sets', async () => {
    const SET = `mutation ($input: SetFreedPlaceOfferingInput!) { setFreedPlaceOffering(input: $input) {
      code offersFreed offersAtOnce answerMinutes } }`;
    const set = { visitTypeCode: PHYSIO, offersFreed: true, offersAtOnce: 3, answerMinutes: 30 };
    expect((await ask(SET, { input: set })).errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
    const { visitTypeCode: code, ...offering } = set;
    expect((await ask(SET, { input: set }, 'MANAGER')).data).toEqual({
      setFreedPlaceOffering: { code, ...offering },
    });
    const none = await ask(SET, { input: { ...set, visitTypeCode: 'NO_SUCH_KIND' } }, 'MANAGER');
    expect(none.errors).toMatchObject([{ extensions: { code: 'NOT_FOUND' } }]);
    const wrong = await ask(SET, { input: { ...set, answerMinutes: 4 } }, 'MANAGER');
    expect(wrong.errors).toMatchObject([{ extensions: { code: 'BAD_INPUT' } }]);
    const audited = await database.client.auditEntry.findMany({
      where: { action: 'visit-type.freed-place-offering-set' },
    });
    expect(audited).toHaveLength(1);
    expect(audited[0]).toMatchObject({ before: { offersFreed: false }, after: { code, ...offering } });
  });

  it('is offered to whoever would come sooner, which the desk says and sees', async () => {
    const patientId = await makePatientId(room);
    const input = { patientId, visitTypeCode: PHYSIO };
    const requestId = (await ask(REQUEST, { input })).data?.requestVisit?.id as string;
    const booked = aPhysio(clinic, patientId, wednesday(9), { requestId });
    const { id: visitId } = mustBeVisit(await room.visits.bookVisit(aBooker(), booked));
    const WANT = `mutation ($input: WantSoonerInput!) { wantSooner(input: $input) {
      __typename ... on Visit { id soonerWish { noticeHoursMin saidById } } ... on Refusal { code } } }`;
    const SEE = 'query ($id: ID!) { visit(id: $id) { version soonerWish { noticeHoursMin } } }';
    for (let asked = 0; asked < 3; asked += 1) {
      expect((await ask(SEE, { id: visitId })).data?.visit).toEqual({ version: 0, soonerWish: null });
    }
    const said = await ask(WANT, { input: { visitId, wanted: true } });
    expect(said.data?.wantSooner).toMatchObject({ id: visitId, soonerWish: { noticeHoursMin: 0 } });
    const wrong = await ask(WANT, { input: { visitId, wanted: true, noticeHoursMin: 1345 } });
    expect(wrong.errors).toMatchObject([{ extensions: { code: 'BAD_INPUT' } }]);
    const nobody = await ask(WANT, { input: { visitId: clinic.theatreId, wanted: false } });
    expect(nobody.errors).toMatchObject([{ extensions: { code: 'NOT_FOUND' } }]);
    const freedPlaceId = await placeFallsFree(wednesday(8));
    const CANDIDATES = `query ($id: ID!) { freedPlaceCandidates(freedPlaceId: $id) { requestId movesVisitId } }`;
    const { data } = await ask(CANDIDATES, { id: freedPlaceId });
    expect(data?.freedPlaceCandidates).toContainEqual({ requestId, movesVisitId: visitId });
    const SOONER = `mutation ($input: OfferFreedPlaceInput!) { offerFreedPlace(input: $input) {
      ... on FreedPlace { restOfId offers { id requestId version movesVisitId } } ... on Refusal { code } } }`;
    const place = (await ask(SOONER, { input: { freedPlaceId, version: 0, atOnce: 10 } })).data;
    expect(place?.offerFreedPlace).toMatchObject({ restOfId: null });
    const offers = place?.offerFreedPlace?.offers as readonly Record<
      'id' | 'version' | 'requestId',
      unknown
    >[];
    const own = offers.find((offer) => offer.requestId === requestId);
    const yes = { offerId: own?.id, version: own?.version, answer: 'ACCEPT' };
    expect((await ask(ANSWER, { input: yes })).data?.answerFreedPlaceOffer).toMatchObject({
      ...{ __typename: 'FreedPlaceOffer', status: 'ACCEPTED', visitId, requestId },
    });
    expect((await ask(SEE, { id: visitId })).data?.visit).toEqual({ version: 1, soonerWish: null });
  });
});
