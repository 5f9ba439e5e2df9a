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
