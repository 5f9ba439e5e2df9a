import type { GraphqlClient, Refused } from '../support/graphql.js';

/** What reception does, as operations of the API. */

export interface Named {
  readonly id: string;
  readonly name: string;
}

export interface Moment {
  readonly date: string;
  readonly time: string;
  readonly iso: string;
  readonly text: string;
}

export interface Offer {
  readonly injectionStartsAt: string;
  readonly scanStartsAt: string;
  readonly scanEndsAt: string;
  readonly scanLocal: Moment;
  readonly camera: Named;
  readonly injectionRoom: Named;
  readonly injectionTechnologist: Named;
  readonly scanTechnologist: Named;
}

export interface Booking {
  readonly __typename: 'ScanBooking';
  readonly id: string;
  readonly version: number;
  readonly status: 'BOOKED' | 'CANCELLED';
  readonly patientId: string;
  readonly referralId: string;
  readonly accessionNumber: string;
  readonly studyInstanceUID: string;
  readonly injectionStartsAt: string;
  readonly scanStartsAt: string;
  readonly scanEndsAt: string;
  readonly injectionLocal: Moment;
  readonly scanLocal: Moment;
  readonly worklistEntries: readonly {
    readonly scheduledProcedureStepId: string;
    readonly startsAt: string;
  }[];
}

export interface VisitInput {
  readonly injectionStartsAt: string;
  readonly scanStartsAt: string;
  readonly cameraId: string;
  readonly injectionRoomId: string;
  readonly injectionTechnologistId: string;
  readonly scanTechnologistId: string;
}

const MOMENT = '{ date time iso text }';

export const BOOKING = `id version status patientId referralId accessionNumber studyInstanceUID injectionStartsAt
  scanStartsAt scanEndsAt injectionLocal ${MOMENT} scanLocal ${MOMENT}
  worklistEntries { scheduledProcedureStepId startsAt }`;

const RESULT = `{ __typename ... on ScanBooking { ${BOOKING} } ... on Refusal { code message } }`;

export const BOOK = `mutation Book($input: BookScanInput!) { bookScan(input: $input) ${RESULT} }`;
export const MOVE = `mutation Move($input: MoveScanInput!) { moveScan(input: $input) ${RESULT} }`;
export const CANCEL = `mutation Cancel($input: CancelScanInput!) { cancelScan(input: $input) ${RESULT} }`;

export const OFFERS = `query Offers($referralId: ID!, $filter: ScanOfferFilterInput! = {}) {
  scanOffers(referralId: $referralId, filter: $filter) {
    earliestOn targetOn latestOn whyNone obstacles { code message }
    offers { injectionStartsAt scanStartsAt scanEndsAt scanLocal ${MOMENT} camera { id name } injectionRoom { id name }
      injectionTechnologist { id name } scanTechnologist { id name } } } }`;

export interface Offers {
  readonly earliestOn: string;
  readonly targetOn: string;
  readonly latestOn: string;
  readonly whyNone: string | null;
  readonly obstacles: readonly { readonly code: string }[];
  readonly offers: readonly Offer[];
}

export async function findOffers(
  client: GraphqlClient,
  referralId: string,
  filter: object = {},
): Promise<Offers> {
  return (await client.ask<{ scanOffers: Offers }>(OFFERS, { referralId, filter })).scanOffers;
}

export const toVisit = (offer: Offer): VisitInput => ({
  injectionStartsAt: offer.injectionStartsAt,
  scanStartsAt: offer.scanStartsAt,
  cameraId: offer.camera.id,
  injectionRoomId: offer.injectionRoom.id,
  injectionTechnologistId: offer.injectionTechnologist.id,
  scanTechnologistId: offer.scanTechnologist.id,
});

/** The first, or an error that says what is missing. */
export function first<Item>(items: readonly Item[], what: string): Item {
  const [item] = items;
  if (item === undefined) throw new Error(`there is no ${what}`);
  return item;
}

function theBooking(result: Booking | Refused): Booking {
  if ('code' in result) throw new Error(`refused: ${result.code}: ${result.message}`);
  return result;
}

export async function book(client: GraphqlClient, referralId: string, visit: VisitInput): Promise<Booking> {
  const { bookScan } = await client.ask<{ bookScan: Booking | Refused }>(BOOK, {
    input: { referralId, ...visit },
  });
  return theBooking(bookScan);
}

export async function move(client: GraphqlClient, booking: Booking, visit: VisitInput): Promise<Booking> {
  const input = { scanBookingId: booking.id, version: booking.version, ...visit };
  return theBooking((await client.ask<{ moveScan: Booking | Refused }>(MOVE, { input })).moveScan);
}

export async function cancel(client: GraphqlClient, booking: Booking): Promise<Booking> {
  const input = { scanBookingId: booking.id, reason: 'PATIENT_REQUEST' };
  return theBooking((await client.ask<{ cancelScan: Booking | Refused }>(CANCEL, { input })).cancelScan);
}

export interface DemoReferral {
  readonly id: string;
  readonly status: string;
  readonly patient: {
    readonly id: string;
    readonly givenName: string;
    readonly familyName: string;
    readonly localNumber: string;
    readonly dateOfBirth: string;
    readonly email: string | null;
  };
}

/** The referral of a person of the demo clinic. */
export async function referralOf(client: GraphqlClient, familyName: string): Promise<DemoReferral> {
  const { referrals } = await client.ask<{ referrals: { items: DemoReferral[] } }>(
    `{ referrals { items { id status patient { id givenName familyName localNumber dateOfBirth email } } } }`,
  );
  const mine = referrals.items.filter(({ patient }) => patient.familyName === familyName);
  return first(mine, `referral of ${familyName}`);
}
