// npm run -s demo <offers|book|gates|explain|move|cancel|bookings|wait|visit|day|team|block|relief>
// The main job as the clinic does it, through the GraphQL API of a running Facet and nothing else.
import { ask, signInAs, stop } from './demo-api.mjs';
import { BLOCK } from './demo-block.mjs';
import { TEAM } from './demo-team.mjs';

const VISIT = `id version status patient { givenName familyName } procedure accessionNumber
  injectionLocal { text } scanLocal { date text } camera { name } worklistEntries { scheduledProcedureStepId stationAETitle }`;

/** The accepted referral to book for: one without obstacles. */
async function findReferral(token) {
  const { referrals } = await ask(
    `{ referrals(filter: { statuses: [ACCEPTED] }) { items { id patient { givenName familyName } } } }`,
    {},
    token,
  );
  for (const referral of referrals.items) {
    const offers = await findOffers(token, { referralId: referral.id, filter: { limit: 5 } });
    if (offers.obstacles.length === 0) return { referral, ...offers };
  }
  return stop('Every accepted referral of the demo clinic is booked. Cancel one: npm run -s demo cancel');
}

async function findOffers(token, variables) {
  const { scanOffers } = await ask(
    `query ($referralId: ID!, $filter: ScanOfferFilterInput!) {
      scanOffers(referralId: $referralId, filter: $filter) {
        earliestOn targetOn obstacles { code message } whyNone
        offers { injectionStartsAt scanStartsAt withinTarget uptakeMinutes injectionLocal { text } scanLocal { text date time }
          camera { id name } injectionRoom { id name } injectionTechnologist { id name } scanTechnologist { id name } } } }`,
    variables,
    token,
  );
  return scanOffers;
}

const visitInput = (offer) => ({
  injectionStartsAt: offer.injectionStartsAt,
  scanStartsAt: offer.scanStartsAt,
  cameraId: offer.camera.id,
  injectionRoomId: offer.injectionRoom.id,
  injectionTechnologistId: offer.injectionTechnologist.id,
  scanTechnologistId: offer.scanTechnologist.id,
});

/** Whatever became of it, or only while it can still be moved and cancelled. */
async function newestBooking(token, filter = { status: 'BOOKED' }) {
  const { scanBookings } = await ask(
    `query ($filter: ScanBookingFilterInput!) { scanBookings(filter: $filter, page: { size: 100 }) { items { bookedAt referralId ${VISIT} } } }`,
    { filter },
    token,
  );
  const [newest] = scanBookings.items.toSorted((a, b) => b.bookedAt.localeCompare(a.bookedAt));
  return newest ?? stop('Nothing is booked. Book first: npm run -s demo book');
}

function show(booking) {
  if (booking.message) stop(`${booking.code}: ${booking.message}`);
  console.log(JSON.stringify(booking, null, 2));
  const day = booking.scanLocal.date.replaceAll('-', '');
  console.log(`\nAsk as the scanner for that day:\n  ${findscu(day)}`);
}

function findscu(day) {
  const port = process.env.DICOM_PORT || 11112;
  return `findscu -W -aet SPECTCT1 -aec FACET ${process.env.HOST || '127.0.0.1'} ${port} -k PatientName -k PatientID -k AccessionNumber -k "ScheduledProcedureStepSequence[0].ScheduledProcedureStepStartDate=${day}" -k "ScheduledProcedureStepSequence[0].ScheduledProcedureStepStartTime" -k "ScheduledProcedureStepSequence[0].Modality"`;
}

const COMMANDS = {
  async offers(token) {
    const { referral, offers, ...days } = await findReferral(token);
    console.log(JSON.stringify({ referral, ...days, offers }, null, 2));
  },
  async book(token) {
    const { referral, offers, whyNone } = await findReferral(token);
    const input = { referralId: referral.id, ...visitInput(offers[0] ?? stop(whyNone)) };
    const { bookScan } = await ask(
      `mutation ($input: BookScanInput!) { bookScan(input: $input) { ... on ScanBooking { ${VISIT} } ... on Refusal { code message } } }`,
      { input },
      token,
    );
    show(bookScan);
  },
  async move(token) {
    const { id, version, referralId, scanLocal } = await newestBooking(token);
    const filter = { movingScanBookingId: id, limit: 20 };
    const { offers } = await findOffers(token, { referralId, filter });
    const offer =
      offers.find((one) => one.scanLocal.date !== scanLocal.date) ?? stop('There is no other day.');
    const { moveScan } = await ask(
      `mutation ($input: MoveScanInput!) { moveScan(input: $input) { ... on ScanBooking { ${VISIT} } ... on Refusal { code message } } }`,
      { input: { scanBookingId: id, version, ...visitInput(offer) } },
      token,
    );
    show(moveScan);
  },
  async gates(token) {
    const { id } = await newestBooking(token, {});
    const { scanGates } = await ask(
      `query ($id: ID!) { scanGates(scanBookingId: $id) { code stage strictness state reason byName at } }`,
      { id },
      token,
    );
    for (const { code, stage, strictness, state, reason, byName } of scanGates) {
      const by = byName === null ? '' : ` (${byName})`;
      console.log(
        `${state.padEnd(14)} ${code.padEnd(24)} ${stage.padEnd(11)} ${strictness.padEnd(8)} ${reason}${by}`,
      );
    }
  },
  async explain(token) {
    const { id } = await newestBooking(token);
    const { scanners } = await ask('{ scanners { id name } }', {}, token);
    for (const scanner of scanners) {
      const { explainWorklist } = await ask(
        `query ($booking: ID!, $scanner: ID!) { explainWorklist(scanBookingId: $booking, scannerId: $scanner) {
          verdict summary reasons rejections { callingAETitle reason advice } queries { receivedAt callingAETitle answerCount shown keys { attribute asked own matched advice } } } }`,
        { booking: id, scanner: scanner.id },
        token,
      );
      console.log(JSON.stringify({ scanner: scanner.name, ...explainWorklist }, null, 2));
    }
  },
  async cancel(token) {
    const { id } = await newestBooking(token);
    const { cancelScan } = await ask(
      `mutation ($input: CancelScanInput!) { cancelScan(input: $input) { ... on ScanBooking { ${VISIT} } ... on Refusal { code message } } }`,
      { input: { scanBookingId: id, reason: 'PATIENT_REQUEST' } },
      token,
    );
    show(cancelScan);
  },
  async bookings(token) {
    const { scanBookings } = await ask(`{ scanBookings { items { ${VISIT} } } }`, {}, token);
    console.log(JSON.stringify(scanBookings.items, null, 2));
  },
  async wait(token) {
    const { visitTypes } = await ask('{ visitTypes { code name } }', {}, token);
    for (const { code, name } of visitTypes) {
      const { nextAvailability } = await ask(
        'query ($code: String!) { nextAvailability(visitTypeCode: $code) { earliestOn waitDays } }',
        { code },
        token,
      );
      const { earliestOn, waitDays } = nextAvailability;
      const when = ['today', 'tomorrow'][waitDays] ?? `in ${waitDays} days`;
      console.log(`${name.padEnd(36)} ${earliestOn === null ? 'nothing fits' : `${earliestOn}, ${when}`}`);
    }
  },
  async visit(token) {
    const visit = await bookVisit(token, process.argv[3] ?? 'PHYSIOTHERAPY');
    if (visit.message) stop(`${visit.code}: ${visit.message}`);
    console.log(JSON.stringify(visit, null, 2));
    console.log(`\nIts day: npm run -s demo day ${visit.steps[0].startsAt.slice(0, 10)}`);
  },
  ...TEAM,
  ...BLOCK,
  async day(token) {
    const date = process.argv[3] ?? new Date().toISOString().slice(0, 10);
    const { dayBoard } = await ask(
      `query ($date: LocalDate!) { dayBoard(date: $date) { date bankHoliday
        rows { visitTypeCode status startsAt endsAt patient { givenName familyName } allowedActions } } }`,
      { date },
      token,
    );
    console.log(JSON.stringify(dayBoard, null, 2));
  },
};

const STEPS = 'steps { name startsAt endsAt resources { role resource { id name } } }';

/** The best time for a kind of visit of the demo clinic's first patient who can have it, held and then confirmed. */
async function bookVisit(token, visitTypeCode) {
  const { patients } = await ask(
    '{ patients(search: "Bront", page: { size: 1 }) { items { id familyName } } }',
    {},
    token,
  );
  const [patient] = patients.items;
  const filter = { visitTypeCode, patientId: patient.id, limit: 1 };
  const { visitOffers } = await ask(
    `query ($filter: VisitOfferFilterInput!) { visitOffers(filter: $filter) {
      ... on VisitOffers { whyNoOffer { message } offers { ${STEPS} } } ... on Refusal { message } } }`,
    { filter },
    token,
  );
  const [offer] = visitOffers.offers ?? stop(visitOffers.message);
  if (!offer) stop(visitOffers.whyNoOffer.message);
  const steps = offer.steps.map(({ startsAt, resources }) => ({
    startsAt,
    resources: resources.map(({ role, resource }) => ({ role, resourceId: resource.id })),
  }));
  const { holdVisit } = await ask(
    `mutation ($input: BookVisitInput!) { holdVisit(input: $input) { ... on Visit { id version heldUntil } ... on Refusal { code message } } }`,
    { input: { visitTypeCode, patientId: patient.id, steps } },
    token,
  );
  if (holdVisit.message) stop(`${holdVisit.code}: ${holdVisit.message}`);
  console.log(`Held until ${holdVisit.heldUntil}; confirming.`);
  const { confirmVisit } = await ask(
    `mutation ($input: HeldVisitInput!) { confirmVisit(input: $input) { ... on Visit { id status version visitTypeCode ${STEPS} } ... on Refusal { code message } } }`,
    { input: { visitId: holdVisit.id, version: holdVisit.version } },
    token,
  );
  return confirmVisit;
}

const command = COMMANDS[process.argv[2]];
if (!command) stop(`Say what to do: npm run -s demo ${Object.keys(COMMANDS).join(' | ')}`);
await command(await signInAs('reception'));
