import type { SignedInClient } from '../support/graphql.js';
import { first } from './visits.js';

// Visits of the ordinary kinds, as reception books them.

const OFFERS = `query ($filter: VisitOfferFilterInput!) {
  visitOffers(filter: $filter) {
    ... on VisitOffers { offers { steps { startsAt resources { role resource { id } } } } whyNoOffer { block } }
    ... on Refusal { message } } }`;
const BOOK = `mutation ($input: BookVisitInput!) {
  bookVisit(input: $input) { ... on Visit { id } ... on Refusal { message } } }`;
const REQUEST = `mutation ($input: RequestVisitInput!) {
  requestVisit(input: $input) { ... on VisitRequest { id } ... on Refusal { message } } }`;

interface Offer {
  readonly steps: readonly {
    readonly startsAt: string;
    readonly resources: readonly { readonly role: string; readonly resource: { readonly id: string } }[];
  }[];
}

/** A request that waits; its id. */
export async function requestPhysiotherapy(client: SignedInClient, patientId: string): Promise<string> {
  const input = { patientId, visitTypeCode: 'PHYSIOTHERAPY' };
  const { requestVisit } = await client.ask<{ requestVisit: { id: string } }>(REQUEST, { input });
  return requestVisit.id;
}

/** The best offer, booked; the visit's id. */
export async function bookPhysiotherapy(
  client: SignedInClient,
  patientId: string,
  requestId: string,
): Promise<string> {
  const filter = { visitTypeCode: 'PHYSIOTHERAPY', patientId, requestId };
  const { visitOffers } = await client.ask<{ visitOffers: { offers: Offer[] } }>(OFFERS, { filter });
  const steps = first(visitOffers.offers, 'offer').steps.map(({ startsAt, resources }) => ({
    startsAt,
    resources: resources.map(({ role, resource }) => ({ role, resourceId: resource.id })),
  }));
  const input = { visitTypeCode: 'PHYSIOTHERAPY', patientId, requestId, steps };
  const { bookVisit } = await client.ask<{ bookVisit: { id: string } }>(BOOK, { input });
  return bookVisit.id;
}

const SERIES_OFFERS = `query ($filter: SeriesOfferFilterInput!) {
  seriesOffers(filter: $filter) { ... on SeriesOffers { offers { occurrences {
    steps { position startsAt } resources { stepPosition role resource { id } } } } } ... on Refusal { message } } }`;
const BOOK_SERIES = `mutation ($input: BookSeriesInput!) {
  bookSeries(input: $input) { ... on VisitSeries { id } ... on Refusal { message } } }`;
const CANCEL = `mutation ($input: CancelVisitInput!) {
  cancelVisit(input: $input) { ... on Visit { id } ... on Refusal { message } } }`;
const PREVIEW = `query ($input: ClosureInput!) {
  closurePreview(input: $input) { ... on ClosurePreview { planSha256 proposals { visit { id } } } ... on Refusal { message } } }`;
const CLOSE = `mutation ($input: ApplyClosureInput!) {
  applyClosure(input: $input) { ... on Closure { id } ... on Refusal { message } } }`;

interface Occurrence {
  readonly steps: readonly { readonly position: number; readonly startsAt: string }[];
  readonly resources: readonly {
    readonly stepPosition: number;
    readonly role: string;
    readonly resource: { readonly id: string };
  }[];
}

/** Two visits a week apart, the best that are offered; the id of the series. */
export async function bookTwoWeeks(client: SignedInClient, patientId: string): Promise<string> {
  const filter = { visitTypeCode: 'PHYSIOTHERAPY', patientId, count: 2 };
  const { seriesOffers } = await client.ask<{ seriesOffers: { offers: { occurrences: Occurrence[] }[] } }>(
    SERIES_OFFERS,
    { filter },
  );
  const occurrences = first(seriesOffers.offers, 'series').occurrences.map(({ steps, resources }) => ({
    steps: steps.map(({ position, startsAt }) => ({
      startsAt,
      resources: resources
        .filter(({ stepPosition }) => stepPosition === position)
        .map(({ role, resource }) => ({ role, resourceId: resource.id })),
    })),
  }));
  const input = { visitTypeCode: 'PHYSIOTHERAPY', patientId, everyDays: 7, occurrences };
  const { bookSeries } = await client.ask<{ bookSeries: { id: string } }>(BOOK_SERIES, { input });
  return bookSeries.id;
}

/** A visit that is booked and called off; the id of the place that it left. */
export async function leavePlace(client: SignedInClient, patientId: string): Promise<string> {
  const requestId = await requestPhysiotherapy(client, patientId);
  const visitId = await bookPhysiotherapy(client, patientId, requestId);
  await client.ask(CANCEL, { input: { visitId, version: 0, reasonCode: 'PATIENT_CANNOT_COME' } });
  const { freedPlaces } = await client.ask<{ freedPlaces: { items: { id: string }[] } }>(
    '{ freedPlaces { items { id } } }',
  );
  return first(freedPlaces.items, 'freed place').id;
}

/** A resource closed in an hour in which nobody has it; the id of the closure. */
export async function closeForAnHour(
  client: SignedInClient,
  resourceId: string,
  time: { readonly startsAt: string; readonly endsAt: string },
): Promise<string> {
  const asked = { resourceIds: [resourceId], ...time };
  const { closurePreview } = await client.ask<{ closurePreview: { planSha256: string } }>(PREVIEW, {
    input: asked,
  });
  const { planSha256 } = closurePreview;
  const input = { ...asked, planSha256, reason: 'Yearly inspection', decisions: [] };
  const { applyClosure } = await client.ask<{ applyClosure: { id: string } }>(CLOSE, { input });
  return applyClosure.id;
}
